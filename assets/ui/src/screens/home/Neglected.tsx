/** What nobody takes care of: alerts nobody was told of, messages that failed, missing people. */
import {
  IconCircleCheck,
  IconMailOff,
  IconSendOff,
  IconUserOff,
  IconUserQuestion,
  type TablerIcon,
} from "@tabler/icons-react";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Overview } from "../../api/types";
import { Ago } from "../../parts/Ago";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { Empty } from "../../parts/Empty";
import style from "./Home.module.css";
import { isNeglected, neglectedOf } from "./neglect";

export function Neglected({ data }: { data: Overview }) {
  const { t } = useTranslation();
  const { failed, untoldRules, ownerless } = neglectedOf(data.items);
  const titles = new Map(data.items.map(({ project, title }) => [project, title || project]));
  const elsewhere = data.elsewhere.critical;
  return (
    <Card title={t("home.attention.title")} flush>
      {!isNeglected(data) ? (
        <Empty icon={IconCircleCheck} tone="green" title={t("home.attention.none")} />
      ) : (
        <ul className={style.rows}>
          {elsewhere > 0 ? (
            <Item
              to="/alerts"
              tone="critical"
              icon={IconUserQuestion}
              chip={t("projects.n_critical", { count: elsewhere })}
              what={t("projects.home.elsewhere")}
              why={t("projects.home.elsewhere_why")}
            />
          ) : null}
          {data.untold.map(({ fingerprint, name, project, since, how }) => (
            <Item
              key={fingerprint}
              to="/alerts/$fingerprint"
              params={{ fingerprint }}
              tone="critical"
              icon={IconMailOff}
              chip={t("projects.home.untold")}
              what={name}
              when={<Ago at={since} />}
              why={`${titles.get(project) ?? project}: ${t(how === "failed" ? "projects.home.untold_failed" : "projects.home.untold_nobody")}`}
            />
          ))}
          {failed.map(({ project, title, notifications }) => (
            <Item
              key={`failed ${project}`}
              to="/notifications"
              search={{ project, state: "failed" }}
              tone="warning"
              icon={IconSendOff}
              chip={t("projects.n_failed", { count: notifications.failed })}
              what={title || project}
              why={t("projects.home.failed_why")}
            />
          ))}
          {untoldRules.map(({ project, title, rules }) => (
            <Item
              key={`rules ${project}`}
              to="/projects/$id"
              params={{ id: project }}
              search={{ tab: "rules" }}
              tone="warning"
              icon={IconUserOff}
              chip={t("projects.home.rules_untold", { count: rules.untold })}
              what={title || project}
              why={t("projects.home.rules_untold_why")}
            />
          ))}
          {ownerless.map(({ project, title }) => (
            <Item
              key={`owner ${project}`}
              to="/projects/$id"
              params={{ id: project }}
              tone="muted"
              icon={IconUserQuestion}
              chip={t("projects.home.no_owner")}
              what={title || project}
              why={t("projects.home.no_owner_why")}
            />
          ))}
        </ul>
      )}
    </Card>
  );
}

interface ItemProps extends Pick<LinkProps, "to" | "params" | "search"> {
  tone: "critical" | "warning" | "muted";
  icon: TablerIcon;
  chip: string;
  what: string;
  when?: ReactNode;
  why: string;
}

function Item({ tone, icon, chip, what, when, why, ...link }: ItemProps) {
  return (
    <li>
      <Link {...link} className={style.row}>
        <Chip tone={tone} icon={icon} text={chip} />
        <span className={style.what}>{what}</span>
        <span className={style.when}>{when}</span>
        <span className={style.why}>{why}</span>
      </Link>
    </li>
  );
}
