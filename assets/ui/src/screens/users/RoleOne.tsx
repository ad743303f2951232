/** The drawer of a declared role: a built-in one, and kinds that may be changed besides. */
import { MultiSelect, Select, Text } from "@mantine/core";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Objects } from "../../api/objects";
import { Facts } from "../../parts/Facts";
import { Editor } from "../../parts/form/Editor";
import { ObjectPanel } from "../../parts/form/ObjectPanel";
import { first, isName } from "../../parts/form/rules";
import { type Faults, useFields } from "../../parts/form/useFields";
import { kinds, useKindWords } from "../../parts/kindWords";
import { builtIn } from "./grantWords";
import { Holders } from "./Holders";

type Base = Objects["role"]["spec"]["base"];

interface Draft {
  name: string;
  title: string;
  base: Base;
  write: string[];
}

/** What would let its holder become more than the role says cannot be given. */
const withheld: readonly string[] = ["user", "token", "role", "settings", "secret", "channel", "project"];

const faultsOf = ({ name }: Draft): Faults<Draft> => ({
  name: first(
    [name !== "", "required"],
    [isName(name), "name"],
    [!builtIn.some((role) => role === name), "built_in"],
  ),
});

export function RoleOne() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { name } = useParams({ strict: false });
  const close = () => void navigate({ to: "/system/users", search: { tab: "roles" } });
  return (
    <ObjectPanel key={name} kind="role" name={name} title={t("users.roles.add_title")} close={close}>
      {(existing) => <RoleForm key={existing?.revision} existing={existing} close={close} />}
    </ObjectPanel>
  );
}

function RoleForm({ existing, close }: { existing: Objects["role"] | undefined; close: () => void }) {
  const { t } = useTranslation();
  const { word } = useKindWords();
  const spec = existing?.spec;
  const [start] = useState<Draft>(() => ({
    name: existing?.name ?? "",
    title: spec?.title ?? "",
    base: spec?.base ?? "viewer",
    write: spec?.write ?? [],
  }));
  const fields = useFields(start, faultsOf);
  const { draft, set, field } = fields;
  const title = draft.title.trim();
  return (
    <Editor
      kind="role"
      existing={existing}
      fields={fields}
      document={{
        kind: "role",
        name: draft.name,
        labels: existing?.labels ?? {},
        spec: { ...(title === "" ? {} : { title }), base: draft.base, write: draft.write },
      }}
      close={close}
      preview={
        existing ? (
          <Text size="sm" component="div">
            <Facts facts={[[t("users.roles.held"), <Holders key="held" role={existing.name} />]]} />
            {t("users.roles.at_once")}
          </Text>
        ) : null
      }
    >
      <Select
        {...field("base", t(`users.roles.can.${draft.base}`))}
        label={t("users.roles.base")}
        data={builtIn
          .filter((role) => role !== "admin")
          .map((value) => ({ value, label: t(`role.${value}`) }))}
        value={draft.base}
        allowDeselect={false}
        onChange={(base) => set({ base: (base ?? draft.base) as Base })}
      />
      <MultiSelect
        {...field("write", t("users.roles.write_help"))}
        label={t("users.roles.write")}
        data={kinds
          .filter((kind) => !withheld.includes(kind))
          .map((kind) => ({ value: kind as string, label: word(kind) }))}
        value={draft.write}
        searchable
        clearable
        clearButtonProps={{ "aria-label": t("action.clear") }}
        nothingFoundMessage={t("form.nothing_found")}
        onChange={(write) => set({ write })}
      />
    </Editor>
  );
}
