/** Who would be told, which way, and what might hold it back. */
import { Alert, List } from "@mantine/core";
import { IconBellOff, IconCircleCheck, IconMoon, IconUserOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { Explained, ToldTo } from "../../api/told";
import style from "./Routes.module.css";
import { partWords } from "./words";

export function Answer({ answer }: { answer: Explained }) {
  const { t } = useTranslation();
  const told = answer.told.filter(({ active, receiver }) => active && receiver);
  const people = [...new Set(told.map(({ receiver, receiver_title }) => receiver_title || receiver || ""))];
  return (
    <div className={style.answer} aria-live="polite">
      {answer.nobody ? (
        <Alert
          color="yellow"
          variant="outline"
          icon={<IconUserOff aria-hidden />}
          title={t("routes.who.nobody")}
        >
          {answer.silences.length > 0
            ? t("routes.who.silenced", { names: answer.silences.join(", ") })
            : t("routes.who.nobody_why")}
        </Alert>
      ) : (
        <Alert color="blue" variant="outline" icon={<IconCircleCheck aria-hidden />} py="sm">
          <b>{t("routes.who.told", { people: people.join(" · ") })}</b>
        </Alert>
      )}
      {answer.told.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: ways have an order and no other identity
        <Way key={at} one={one} />
      ))}
      {answer.inhibitions.length > 0 ? (
        <List size="sm" c="dimmed">
          {answer.inhibitions.map(({ name, title }) => (
            <List.Item key={name} icon={<IconBellOff size={15} aria-hidden />}>
              {t("routes.who.inhibited", { title: title || name })}{" "}
              <Link to="/routes/$kind/$name" params={{ kind: "inhibition", name }} search={true}>
                {t("routes.who.look")}
              </Link>
            </List.Item>
          ))}
        </List>
      ) : null}
    </div>
  );
}

function Way({ one }: { one: ToldTo }) {
  const { t, i18n } = useTranslation();
  const list = (items: string[]) => new Intl.ListFormat(i18n.language, { style: "narrow" }).format(items);
  return (
    <div className={style.card} data-quiet={!one.active || !one.receiver || undefined}>
      <div className={style.way}>
        {one.path.map((part, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the steps of one way never move
          <Fragment key={at}>
            <span>{partWords(t, part)}</span>
            <span aria-hidden="true">{"→"}</span>
          </Fragment>
        ))}
        {one.receiver ? (
          <b>{t("routes.who.receiver", { title: one.receiver_title || one.receiver })}</b>
        ) : (
          <span>{t("routes.nobody")}</span>
        )}
      </div>
      {one.channels.map(({ name, type, title, to }) => (
        <div key={name}>
          {t(type === "mail" ? "routes.who.by_mail" : "routes.who.by", {
            channel: title || name,
            to: list(to),
          })}
        </div>
      ))}
      {one.people.length > 0 ? (
        <div>
          {t("routes.who.people", { people: list(one.people.map(({ name, title }) => title || name)) })}
        </div>
      ) : null}
      {one.active ? (
        <div className={style.timing}>
          {t("routes.timing", { wait: one.group_wait, repeat: one.repeat_interval })}
        </div>
      ) : one.receiver ? (
        <div className={style.nobody}>
          <IconMoon size={16} aria-hidden />
          {one.muted_by.length > 0
            ? t("routes.who.muted", { names: list(one.muted_by) })
            : t("routes.who.outside", { names: list(one.outside) })}
        </div>
      ) : null}
    </div>
  );
}
