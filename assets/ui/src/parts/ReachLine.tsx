/** A receiver with whom it reaches: "On call: Mail to Li, Anna". */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import style from "./ReachLine.module.css";
import { useReach } from "./useReach";

export function ReachLine({ receiver }: { receiver: string }) {
  const { t, i18n } = useTranslation();
  const reach = useReach()(receiver);
  const list = (items: string[]) => new Intl.ListFormat(i18n.language, { style: "narrow" }).format(items);
  const ways = reach.channels.map(({ title, type, to }) => {
    const way = type === "mail" ? t("reach.mail") : type === "webhook" ? t("reach.webhook") : title;
    return to.length === 0 ? way : t("reach.to", { way, to: list(to) });
  });
  return (
    <span className={style.line}>
      <Link to="/people/$kind/$name" params={{ kind: "receiver", name: receiver }} className={style.link}>
        {reach.title}
      </Link>
      {ways.length > 0 ? <span className={style.ways}>{ways.join(" · ")}</span> : null}
    </span>
  );
}
