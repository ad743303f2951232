/** The counts of the overview; each leads to its list. */
import { IconBell, IconSend, IconServer2, IconTargetArrow, type TablerIcon } from "@tabler/icons-react";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Alerts, ObservedTargets, Status } from "../../api/types";
import { bySeverity } from "../../parts/severity";
import style from "./Home.module.css";
import { countsOf, running } from "./summary";

interface StatProps {
  to: LinkProps["to"];
  icon: TablerIcon;
  name: string;
  number: number | string;
  of?: string;
  bar: [string, number][];
  children: ReactNode;
}

function Stat({ to, icon: Icon, name, number, of, bar, children }: StatProps) {
  return (
    <Link to={to} className={style.stat}>
      <span className={style.name}>
        <Icon size={17} stroke={1.9} aria-hidden />
        {name}
      </span>
      <span>
        <span className={style.number}>{number}</span>
        {of ? <span className={style.of}>{of}</span> : null}
      </span>
      <span className={style.bar} aria-hidden="true">
        {bar.map(([tone, share]) =>
          share > 0 ? <span key={tone} data-tone={tone} style={{ flexGrow: share, flexBasis: 0 }} /> : null,
        )}
      </span>
      <span className={style.parts}>{children}</span>
    </Link>
  );
}

function Part({ count, text }: { count: number; text: string }) {
  return (
    <span>
      <b>{count}</b> {text}
    </span>
  );
}

export function AlertsStat({ alerts, trusted }: { alerts: Alerts; trusted: boolean }) {
  const { t } = useTranslation();
  const { critical, warning, info, other } = bySeverity(alerts.facets?.severity ?? {});
  return (
    <Stat
      to="/alerts"
      icon={IconBell}
      name={t("home.stat.alerts")}
      number={trusted ? alerts.total : t("home.stat.unknown")}
      bar={[
        ["bad", critical],
        ["warning", warning],
        ["info", info + other],
      ]}
    >
      <Part count={critical} text={t("severity.critical")} />
      <Part count={warning} text={t("severity.warning")} />
      <Part count={info + other} text={t("severity.info")} />
    </Stat>
  );
}

export function TargetsStat({ targets }: { targets: ObservedTargets }) {
  const { t } = useTranslation();
  const { up, down, unknown } = countsOf(targets);
  return (
    <Stat
      to="/targets"
      icon={IconTargetArrow}
      name={t("home.stat.targets")}
      number={up}
      of={t("home.stat.of", { total: up + down + unknown })}
      bar={[
        ["good", up],
        ["bad", down],
        ["none", unknown],
      ]}
    >
      <Part count={up} text={t("targets.state.up")} />
      <Part count={down} text={t("targets.state.down")} />
      <Part count={unknown} text={t("targets.state.unknown")} />
    </Stat>
  );
}

export function ClusterStat({ status }: { status: Status }) {
  const { t } = useTranslation();
  const ready = status.nodes.filter((node) => node.state === "ready").length;
  const well = status.components.filter((component) => component.state === "ready").length;
  const prometheus = running(status, "prometheus");
  return (
    <Stat
      to="/system/cluster"
      icon={IconServer2}
      name={t("home.stat.cluster")}
      number={ready}
      of={t("home.stat.nodes", { count: status.nodes.length })}
      bar={[
        ["good", well],
        ["bad", status.components.length - well],
      ]}
    >
      <Part count={well} text={t("home.stat.components", { total: status.components.length })} />
      <Part count={prometheus.ready} text={t("home.stat.prometheus")} />
    </Stat>
  );
}

/** How the notifications of the alerts shown ended. */
export function NotificationsStat({ alerts }: { alerts: Alerts }) {
  const { t } = useTranslation();
  const told = alerts.items.filter((alert) =>
    alert.receipts.some((receipt) => receipt.status === "delivered"),
  );
  const failed = alerts.items.filter((alert) =>
    alert.receipts.some((receipt) => receipt.status === "failed"),
  );
  const rest = alerts.items.length - told.length;
  return (
    <Stat
      to="/alerts"
      icon={IconSend}
      name={t("home.stat.told")}
      number={told.length}
      of={t("home.stat.of_alerts", { count: alerts.items.length })}
      bar={[
        ["good", told.length],
        ["none", rest],
      ]}
    >
      <Part count={told.length} text={t("receipt.delivered")} />
      <Part count={failed.length} text={t("receipt.failed")} />
    </Stat>
  );
}
