/** The left bar. Only what exists and what the account may see. */
import { CloseButton } from "@mantine/core";
import {
  IconBell,
  IconBellOff,
  IconFolders,
  IconHistory,
  IconLayoutDashboard,
  IconListSearch,
  IconMathFunction,
  IconRoute,
  IconSend,
  IconServer2,
  IconTargetArrow,
  IconUserCog,
  IconUsers,
  IconWebhook,
  type TablerIcon,
} from "@tabler/icons-react";
import { hashKey, useIsFetching, useQuery } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { alerts } from "../api/queries";
import { boot } from "../app/boot";
import { useMayChange, useMayEverywhere } from "../app/session";
import { useScope } from "../app/useScope";
import { Mark } from "../parts/Mark";
import { bySeverity } from "../parts/severity";
import style from "./Navigation.module.css";

export function Navigation({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const everywhere = useMayEverywhere("viewer");
  const admin = useMayEverywhere("admin");
  const [routes, channels] = [useMayChange("route"), useMayChange("channel")];
  return (
    <>
      <div className={style.brand}>
        <Mark size={28} />
        <div>
          <div className={style.product}>{t("product")}</div>
          {boot.site === "" ? null : <div className={style.site}>{boot.site}</div>}
        </div>
        <CloseButton
          className={style.close}
          variant="transparent"
          aria-label={t("shell.menu_close")}
          onClick={close}
        />
      </div>
      <ul className={style.list}>
        <Entry to="/" icon={IconLayoutDashboard} text={t("nav.home")} exact />
      </ul>
      <Group title={t("nav.watch")}>
        <Entry to="/alerts" icon={IconBell} text={t("nav.alerts")} extra={<FiringCount />} />
        <Entry to="/silences" icon={IconBellOff} text={t("nav.silences")} />
        <Entry to="/notifications" icon={IconSend} text={t("nav.notifications")} />
        <Entry to="/projects" icon={IconFolders} text={t("nav.projects")} />
      </Group>
      <Group title={t("nav.configure")}>
        <Entry to="/rules" icon={IconMathFunction} text={t("nav.rules")} />
        {everywhere || routes ? <Entry to="/routes" icon={IconRoute} text={t("nav.routes")} /> : null}
        <Entry to="/people" icon={IconUsers} text={t("nav.people")} />
        {everywhere || channels ? <Entry to="/channels" icon={IconWebhook} text={t("nav.channels")} /> : null}
      </Group>
      <Group title={t("nav.operate")}>
        <Entry to="/targets" icon={IconTargetArrow} text={t("nav.targets")} />
      </Group>
      <Group title={t("nav.system")}>
        {everywhere ? <Entry to="/system/cluster" icon={IconServer2} text={t("nav.cluster")} /> : null}
        <Entry to="/system/history" icon={IconHistory} text={t("nav.history")} />
        <Entry to="/system/audit" icon={IconListSearch} text={t("nav.audit")} />
        {admin ? <Entry to="/system/users" icon={IconUserCog} text={t("nav.users")} /> : null}
      </Group>
      <p className={style.version}>{t("shell.version", { version: boot.version })}</p>
    </>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <div className={style.group}>{title}</div>
      <ul className={style.list} aria-label={title}>
        {children}
      </ul>
    </div>
  );
}

interface EntryProps {
  to: LinkProps["to"];
  icon: TablerIcon;
  text: string;
  exact?: boolean;
  extra?: ReactNode;
}

function Entry({ to, icon: Icon, text, exact = false, extra }: EntryProps) {
  return (
    <li>
      <Link to={to} className={style.entry} activeOptions={{ exact, includeSearch: false }}>
        <Icon size={18} stroke={1.75} aria-hidden />
        {text}
        {extra}
      </Link>
    </li>
  );
}

/** Firing alerts in scope, as text beside the entry. */
function FiringCount() {
  const { t } = useTranslation();
  const count = alerts(useScope(), { state: "firing", limit: 1 });
  // Each such question makes every Alertmanager list all it has: the list itself goes first.
  const awaited = useIsFetching({
    queryKey: ["alerts", "list"],
    predicate: ({ state, queryHash }) => state.data === undefined && queryHash !== hashKey(count.queryKey),
  });
  const { data } = useQuery({ ...count, enabled: awaited === 0 });
  if (!data || data.total === 0) return null;
  const { critical } = bySeverity(data.facets?.severity ?? {});
  return (
    <span
      className={style.count}
      data-critical={critical > 0 || undefined}
      title={t("nav.firing", { count: data.total })}
    >
      {data.total}
    </span>
  );
}
