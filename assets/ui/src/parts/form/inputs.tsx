/** Inputs that several forms share. */
import { MultiSelect, Select, TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type ObjectKind, objects, titleOf } from "../../api/objects";
import { tidyMatcher } from "../matchers";
import type { FieldProps } from "./useFields";

/** The objects of a kind as choices; what is chosen is among them even if it is gone. */
function useChoices(kind: ObjectKind, chosen: readonly string[]) {
  const { data } = useQuery(objects(kind));
  const known = (data?.items ?? []).map((object) => ({ value: object.name, label: titleOf(object) }));
  const gone = chosen.filter((name) => name !== "" && !known.some(({ value }) => value === name));
  return [...known, ...gone.map((name) => ({ value: name, label: name }))];
}

interface OneProps {
  kind: ObjectKind;
  label: string;
  value: string;
  change: (name: string) => void;
  field?: FieldProps;
  /** May stay empty. */
  optional?: boolean;
  placeholder?: string;
  /** It is shown and stays. */
  fixed?: boolean;
}

export function ObjectSelect(props: OneProps) {
  const { kind, label, value, change, field, optional = false, fixed = false, placeholder } = props;
  const { t } = useTranslation();
  return (
    <Select
      {...field}
      label={label}
      data={useChoices(kind, [value])}
      value={value === "" ? null : value}
      onChange={(name) => change(name ?? "")}
      placeholder={placeholder ?? (optional ? t("form.none") : t("form.choose"))}
      searchable
      clearable={optional}
      readOnly={fixed}
      clearButtonProps={{ "aria-label": t("action.clear") }}
      nothingFoundMessage={t("form.nothing_found")}
      withAsterisk={!optional}
    />
  );
}

interface ManyProps {
  kind: ObjectKind;
  label: string;
  value: string[];
  change: (names: string[]) => void;
  field?: FieldProps;
  placeholder?: string;
  required?: boolean;
}

export function ObjectsSelect({ kind, label, value, change, field, placeholder, required }: ManyProps) {
  const { t } = useTranslation();
  return (
    <MultiSelect
      {...field}
      label={label}
      data={useChoices(kind, value)}
      value={value}
      onChange={change}
      placeholder={value.length === 0 ? (placeholder ?? t("form.none")) : ""}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("action.clear") }}
      nothingFoundMessage={t("form.nothing_found")}
      withAsterisk={required ?? false}
    />
  );
}

interface MatchersProps {
  label: string;
  value: string[];
  change: (matchers: string[]) => void;
  field: FieldProps;
  required?: boolean;
}

/** `severity="critical"`, as many as are wanted; quotes come by themselves. */
export function MatchersInput({ label, value, change, field, required = false }: MatchersProps) {
  const { t } = useTranslation();
  return (
    <TagsInput
      {...field}
      label={label}
      description={field.error ? undefined : (field.description ?? t("form.matchers_help"))}
      placeholder={value.length === 0 ? t("form.matchers_example") : ""}
      value={value}
      splitChars={["\n", "\t"]}
      onChange={(texts) => change([...new Set(texts.map(tidyMatcher))])}
      acceptValueOnBlur
      withAsterisk={required}
    />
  );
}
