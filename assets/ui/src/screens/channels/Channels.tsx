/** Ways to reach people: where each one leads, who uses it, how it went last. */

import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { objects, titleOf } from "../../api/objects";
import { receipts } from "../../api/queries";
import { useMayChange } from "../../app/session";
import { LastSent } from "../../parts/LastSent";
import { ButtonLink } from "../../parts/links";
import { ObjectList, TitleCell } from "../../parts/ObjectList";
import { Page } from "../../parts/Page";
import cells from "../../parts/Table.module.css";
import { TestButton } from "../../parts/TestButton";
import { recipients } from "../../parts/useReach";
import style from "./Channels.module.css";

/** So many of the newest receipts are looked through. */
const NEWEST = 500;

export function Channels() {
  const { t, i18n } = useTranslation();
  const may = useMayChange("channel");
  const contacts = useQuery(objects("contact")).data?.items ?? [];
  const receivers = useQuery(objects("receiver")).data?.items ?? [];
  const newest = useQuery(receipts(NEWEST)).data?.items;
  const list = (items: string[]) => new Intl.ListFormat(i18n.language, { style: "narrow" }).format(items);
  return (
    <Page
      title={t("channels.title")}
      lead={t("channels.lead")}
      actions={
        may ? (
          <>
            <ButtonLink
              to="/channels/new"
              search={{ type: "mail" }}
              leftSection={<IconPlus size={16} aria-hidden />}
            >
              {t("channels.add_mail")}
            </ButtonLink>
            <ButtonLink
              to="/channels/new"
              search={{ type: "webhook" }}
              variant="default"
              leftSection={<IconPlus size={16} aria-hidden />}
            >
              {t("channels.add_webhook")}
            </ButtonLink>
          </>
        ) : null
      }
    >
      <ObjectList
        kind="channel"
        label={t("channels.title")}
        empty={{ title: t("channels.none"), text: t("channels.none_text") }}
        head={
          <tr>
            <th>{t("form.title")}</th>
            <th>{t("channels.type")}</th>
            <th>{t("channels.to")}</th>
            <th data-wide>{t("channels.used_by")}</th>
            <th>{t("sent.last")}</th>
            <th>{t("sent.test")}</th>
          </tr>
        }
        row={(channel) => (
          <tr key={channel.name}>
            <TitleCell object={channel}>
              <Link to="/channels/$name" params={{ name: channel.name }} className={cells.link}>
                {titleOf(channel)}
              </Link>
            </TitleCell>
            <td>{t(`channels.types.${channel.spec.type}`)}</td>
            <td className={style.to}>{list(recipients(channel.spec, contacts)) || t("form.none")}</td>
            <td data-wide>
              {list(receivers.filter(({ spec }) => spec.channels.includes(channel.name)).map(titleOf)) || (
                <span className={style.warn}>{t("channels.unused")}</span>
              )}
            </td>
            <td>
              <LastSent receipts={newest?.filter((receipt) => receipt.channel === channel.name)} />
            </td>
            <td data-nowrap>
              <TestButton kind="channel" name={channel.name} title={titleOf(channel)} spec={channel.spec} />
            </td>
          </tr>
        )}
      />
      <Outlet />
    </Page>
  );
}
