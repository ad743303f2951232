/** What every channel says of how it sends. */
import { Checkbox, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Fields } from "../../parts/form/useFields";
import type { Sending } from "./channel";

export function SendingFields<Draft extends Sending>({ fields }: { fields: Fields<Draft> }) {
  const { t } = useTranslation();
  const { draft, set, field } = fields;
  const put = (change: Partial<Sending>) => set(change as Partial<Draft>);
  return (
    <>
      <Checkbox
        label={t("channels.send_resolved")}
        checked={draft.send_resolved}
        onChange={(event) => put({ send_resolved: event.currentTarget.checked })}
      />
      <TextInput
        {...field("timeout_seconds", t("channels.timeout_help"))}
        label={t("channels.timeout")}
        value={draft.timeout_seconds}
        inputMode="numeric"
        w={240}
        onChange={({ currentTarget: { value } }) => put({ timeout_seconds: value.trim() })}
      />
    </>
  );
}
