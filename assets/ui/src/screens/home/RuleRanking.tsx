/** Rules by how often they fired within a week, the noisiest first. */
import { IconRepeat } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ObservedRule } from "../../api/types";
import { Chip, SeverityChip } from "../../parts/Chip";
import { Table } from "../../parts/Table";
import cells from "../../parts/Table.module.css";
import style from "./Home.module.css";

export function RuleRanking({ rules }: { rules: readonly ObservedRule[] }) {
  const { t } = useTranslation();
  const most = Math.max(1, ...rules.map(({ fired_7d }) => fired_7d));
  return (
    <Table
      label={t("projects.home.rules")}
      head={
        <tr>
          <th>{t("projects.home.rule")}</th>
          <th data-wide>{t("alerts.column.severity")}</th>
          <th data-wide>{t("projects.home.told")}</th>
          <th>{t("projects.home.fired")}</th>
        </tr>
      }
    >
      {rules.map((rule) => (
        <tr key={`${rule.group} ${rule.index}`}>
          <td>
            <Link
              to="/rules/$group/$rule"
              params={{ group: rule.group, rule: String(rule.index) }}
              className={cells.link}
            >
              {rule.rule}
            </Link>
            <span className={cells.sub}>{`${rule.group} · ${rule.project}`}</span>
          </td>
          <td data-wide>
            <SeverityChip severity={rule.severity} />
          </td>
          <td data-wide data-quiet>
            {rule.receivers_words || <span className={style.nobody}>{t("projects.nobody")}</span>}
          </td>
          <td>
            <span className={style.rank}>
              <span className={style.rankBar} aria-hidden>
                <span style={{ width: `${(rule.fired_7d / most) * 100}%` }} />
              </span>
              {rule.fired_7d}
              {rule.noisy ? <Chip tone="warning" icon={IconRepeat} text={t("projects.home.noisy")} /> : null}
            </span>
          </td>
        </tr>
      ))}
    </Table>
  );
}
