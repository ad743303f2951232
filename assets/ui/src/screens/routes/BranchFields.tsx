/** Fields that policies and expert routes share. */
import { Checkbox, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ObjectsSelect } from "../../parts/form/inputs";
import { Row } from "../../parts/form/Row";
import type { FieldProps, Fields } from "../../parts/form/useFields";
import type { Branch } from "./branch";
import type { Times } from "./timing";

interface TimesFieldsProps {
  times: Times;
  change: (times: Partial<Times>) => void;
  field?: (name: keyof Times, help: string) => FieldProps;
}

/** When it tells, and when it does not. */
export function TimesFields({ times, change, field }: TimesFieldsProps) {
  const { t } = useTranslation();
  return (
    <Row>
      <ObjectsSelect
        kind="time-interval"
        label={t("routes.active")}
        value={times.active_time_intervals}
        change={(active_time_intervals) => change({ active_time_intervals })}
        {...(field ? { field: field("active_time_intervals", t("routes.active_help")) } : {})}
        placeholder={t("routes.always")}
      />
      <ObjectsSelect
        kind="time-interval"
        label={t("routes.mute")}
        value={times.mute_time_intervals}
        change={(mute_time_intervals) => change({ mute_time_intervals })}
        {...(field ? { field: field("mute_time_intervals", t("routes.mute_help")) } : {})}
      />
    </Row>
  );
}

/** Its place among the others, and whether those below still see what it took. */
export function OrderFields<Draft extends Branch>({ fields }: { fields: Fields<Draft> }) {
  const { t } = useTranslation();
  const { draft, set, field } = fields;
  const put = (change: Partial<Branch>) => set(change as Partial<Draft>);
  return (
    <>
      <TextInput
        {...field("order", t("routes.order_help"))}
        label={t("routes.order")}
        value={draft.order}
        inputMode="numeric"
        w={180}
        my="md"
        onChange={({ currentTarget: { value } }) => put({ order: value.trim() })}
      />
      <Checkbox
        label={t("routes.continue")}
        checked={draft.continue}
        onChange={(event) => put({ continue: event.currentTarget.checked })}
      />
    </>
  );
}
