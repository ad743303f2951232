/**
 * The rows of the page. Up to a thousand alerts are read at once and grouped; more of them come
 * page by page, the worst first, since a group would have to be read as a whole.
 */
import { Alert as Notice } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ALERT_PAGE, alerts, type ListFilter, receipts, type Scope } from "../../api/queries";
import type { Alert, Alerts, Receipts } from "../../api/types";
import { Facets } from "../../parts/Facets";
import { LongTable } from "../../parts/LongTable";
import { AlertCells, ROW_HEIGHT, type Selection, useColumns } from "./AlertCells";
import { AlertGroups } from "./AlertGroups";
import style from "./Alerts.module.css";
import type { Grouping } from "./group";

/** As many as the API gives at once. */
const MOST = 1000;
/** So many of the newest receipts are looked through to say who was told. */
const NEWEST = 500;
/** Projects offered when there are too many alerts. */
const PROJECTS = 12;

interface AlertListProps {
  scope: Scope;
  filter: ListFilter;
  first: Alerts;
  by: Grouping;
  selection: Selection;
  busy: boolean;
}

export function AlertList({ scope, filter, first, by, selection, busy }: AlertListProps) {
  // One request for the whole list; the table stays as it is while it is on its way.
  const told = useQuery(receipts(NEWEST)).data;
  const fits = first.total <= ALERT_PAGE;
  const whole = useQuery({
    ...alerts(scope, { ...filter, limit: MOST }),
    enabled: !fits && first.total <= MOST,
    placeholderData: keepPreviousData,
  });
  if (first.total > MOST)
    return <Endless scope={scope} filter={filter} first={first} selection={selection} told={told} />;
  const items = fits ? first.items : (whole.data?.items ?? first.items);
  return <AlertGroups alerts={items} by={by} selection={selection} receipts={told} busy={busy} />;
}

interface EndlessProps extends Omit<AlertListProps, "by" | "busy"> {
  told: Receipts | undefined;
}

function Endless({ scope, filter, first, selection, told }: EndlessProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const columns = useColumns();
  const projects = Object.entries(first.facets?.project ?? {})
    .filter(([name]) => name !== "")
    .sort(([, a], [, b]) => b - a);
  return (
    <>
      {projects.length > 1 ? (
        <Notice color="blue" variant="light" radius={0} py="xs">
          <div className={style.narrow}>
            {t("alerts.crowd")}
            <Facets
              label={t("dimension.project")}
              chosen={[]}
              choose={([project]) =>
                void navigate({ to: "/alerts", search: (before) => ({ ...before, project }) as never })
              }
              values={projects.slice(0, PROJECTS).map(([value, count]) => ({ value, text: value, count }))}
            />
          </div>
        </Notice>
      ) : null}
      <LongTable
        label={t("alerts.title")}
        columns={columns}
        page={(offset) => alerts(scope, { ...filter, limit: ALERT_PAGE, offset })}
        size={ALERT_PAGE}
        total={first.total}
        row={(alert: Alert, _, shown) => (
          <AlertCells alert={alert} selection={selection} receipts={told} narrow={shown < columns.length} />
        )}
        keyOf={(alert: Alert) => alert.fingerprint}
        height={ROW_HEIGHT}
      />
    </>
  );
}
