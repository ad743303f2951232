/** The counts of the overview; each leads to its list. */
import { IconBell, IconSend, IconServer2, IconTargetArrow, type TablerIcon } from "@tabler/icons-react";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Alerts, ObservedTargets, Receipt, Receipts, Status } from "../../api/types";
import { bySeverity } from "../../parts/severity";
import style from "./Home.module.css";
import { countsOf, isUp } from "./summary";

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
      <Part count={up} text={t("health.up")} />
      <Part count={down} text={t("health.down")} />
      <Part count={unknown} text={t("health.unknown")} />
    </Stat>
  );
}

export function ClusterStat({ status }: { status: Status }) {
  const { t } = useTranslation();
  const ready = status.nodes.filter(isUp).length;
  const well = status.components.filter((component) => component.state === "ready").length;
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
    </Stat>
  );
}

/** How the newest notifications ended. */
export function NotificationsStat({ receipts }: { receipts: Receipts | undefined }) {
  const { t } = useTranslation();
  const items = receipts?.items ?? [];
  const count = (...states: Receipt["state"][]) => items.filter((item) => states.includes(item.state)).length;
  const told = count("delivered", "accepted", "merged");
  const failed = count("failed");
  const waiting = count("pending");
  return (
    <Stat
      to="/alerts"
      icon={IconSend}
      name={t("home.stat.told")}
      number={receipts === undefined ? t("home.stat.unknown") : told}
      of={t("home.stat.newest", { count: items.length })}
      bar={[
        ["good", told],
        ["bad", failed],
        ["none", waiting],
      ]}
    >
      <Part count={waiting} text={t("receipt.pending")} />
      <Part count={failed} text={t("receipt.failed")} />
    </Stat>
  );
}
