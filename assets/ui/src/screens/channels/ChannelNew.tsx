/** The drawer for a new channel. */
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Panel } from "../../parts/Panel";
import { ChannelForm } from "./ChannelForm";

const route = getRouteApi("/channels/new");

export function ChannelNew() {
  const { t } = useTranslation();
  const { type } = route.useSearch();
  const navigate = useNavigate();
  const close = (name?: string) =>
    name === undefined
      ? void navigate({ to: "/channels" })
      : // The next step is to try it.
        void navigate({ to: "/channels/$name", params: { name } });
  return (
    <Panel title={t("channels.new")} close={() => close()}>
      <ChannelForm type={type} close={close} />
    </Panel>
  );
}
