/** The drawer for a new channel. */
import { SegmentedControl } from "@mantine/core";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Panel } from "../../parts/Panel";
import { MailForm } from "./MailForm";
import { WebhookForm } from "./WebhookForm";

const route = getRouteApi("/channels/new");

export function ChannelNew() {
  const { t } = useTranslation();
  const { type = "mail" } = route.useSearch();
  const navigate = useNavigate();
  const close = (name?: string) =>
    name === undefined
      ? void navigate({ to: "/channels" })
      : // The next step is to try it.
        void navigate({ to: "/channels/$name", params: { name } });
  return (
    <Panel title={t("channels.new")} close={() => close()}>
      <SegmentedControl
        mb="md"
        aria-label={t("channels.type")}
        value={type}
        onChange={(value) =>
          void navigate({ to: "/channels/new", search: { type: value as "mail" | "webhook" }, replace: true })
        }
        data={(["mail", "webhook"] as const).map((value) => ({ value, label: t(`channels.types.${value}`) }))}
      />
      {type === "mail" ? (
        <MailForm existing={undefined} close={close} />
      ) : (
        <WebhookForm existing={undefined} close={close} />
      )}
    </Panel>
  );
}
