/** The drawer of a channel: try it, change it, see what it was told. */
import { Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { titleOf } from "../../api/objects";
import { notifications } from "../../api/told";
import { ObjectPanel } from "../../parts/form/ObjectPanel";
import { LastSent } from "../../parts/LastSent";
import { TextLink } from "../../parts/links";
import { TestButton } from "../../parts/TestButton";
import { MailForm } from "./MailForm";
import { WebhookForm } from "./WebhookForm";

const route = getRouteApi("/channels/$name");

export function ChannelOne() {
  const { t } = useTranslation();
  const { name } = route.useParams();
  const navigate = useNavigate();
  const newest = useQuery(notifications({}, { channel: name, limit: 50 })).data?.items;
  const close = () => void navigate({ to: "/channels" });
  return (
    <ObjectPanel key={name} kind="channel" name={name} title={name} close={close}>
      {(existing) =>
        existing === undefined ? null : (
          <>
            <Group mb="lg" gap="md" align="center">
              <TestButton
                kind="channel"
                name={name}
                title={titleOf(existing)}
                spec={existing.spec}
                size="sm"
              />
              <LastSent receipts={newest} />
              <TextLink size="sm" to="/notifications" search={{ channel: name }}>
                {t("channels.receipts")}
              </TextLink>
            </Group>
            {existing.spec.type === "mail" ? (
              <MailForm existing={existing} close={close} />
            ) : (
              <WebhookForm existing={existing} close={close} />
            )}
          </>
        )
      }
    </ObjectPanel>
  );
}
