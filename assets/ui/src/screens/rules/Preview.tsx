/** What the rule would have done with recent data; asked again shortly after the last key. */
import { Alert, Button, SegmentedControl } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PreviewRange, Preview as Tried } from "../../api/types";
import { Card } from "../../parts/Card";
import { extent, namesOf } from "../../parts/chart";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { duration, humanNumber } from "../../parts/number";
import { useProblemText } from "../../parts/problemText";
import { Table } from "../../parts/Table";
import style from "./Rules.module.css";

const Chart = lazy(() => import("../../parts/Chart"));
const ranges = ["6h", "24h", "7d"] as const;

interface PreviewProps {
  query: UseQueryResult<Tried>;
  range: PreviewRange;
  setRange: (range: PreviewRange) => void;
  /** There is an expression to try. */
  asked: boolean;
  alerting: boolean;
  moveThreshold?: ((value: number) => void) | undefined;
}

export function Preview({ query, range, setRange, asked, alerting, moveThreshold }: PreviewProps) {
  const { t } = useTranslation();
  const problem = useProblemText(query.error);
  return (
    <Card
      title={t("rules.preview.title")}
      action={
        <SegmentedControl
          size="xs"
          aria-label={t("rules.preview.range")}
          value={range}
          onChange={(value) => setRange(value as PreviewRange)}
          data={ranges.map((value) => ({ value, label: t(`rules.preview.ranges.${value}`) }))}
        />
      }
    >
      {!asked ? (
        <Empty
          icon={IconInfoCircle}
          title={t("rules.preview.nothing")}
          text={t("rules.preview.nothing_text")}
        />
      ) : (
        <div aria-busy={query.isFetching}>
          {query.error ? (
            <Alert color="red" variant="outline" role="status" title={t("rules.preview.failed")}>
              {problem}
            </Alert>
          ) : null}
          {query.data ? (
            <Shown tried={query.data} alerting={alerting} moveThreshold={moveThreshold} />
          ) : query.error ? null : (
            <Loading rows={8} />
          )}
        </div>
      )}
    </Card>
  );
}

interface ShownProps {
  tried: Tried;
  alerting: boolean;
  moveThreshold?: ((value: number) => void) | undefined;
}

function Shown({ tried, alerting, moveThreshold }: ShownProps) {
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  const lines = useMemo(() => {
    const names = namesOf(tried.series.map(({ labels }) => labels));
    return tried.series.map(({ values }, at) => ({ name: names[at] ?? "", values }));
  }, [tried]);
  const title = t("rules.preview.figure", { count: tried.n_series });
  return (
    <>
      {alerting ? <Verdict tried={tried} /> : null}
      {tried.warnings.map((warning) => (
        <p key={warning.text} className={style.warning}>
          {t(`rules.preview.warning.${warning.code}`, { value: warning.value, defaultValue: warning.text })}
        </p>
      ))}
      {lines.length === 0 ? (
        <Empty title={t("rules.preview.no_series")} text={t("rules.preview.no_series_text")} />
      ) : asTable ? (
        <Values lines={lines} />
      ) : (
        <div className={style.chart}>
          <Suspense fallback={<Loading rows={8} />}>
            <Chart
              title={title}
              lines={lines}
              from={tried.from_s}
              to={tried.to_s}
              threshold={tried.threshold?.value}
              above={tried.threshold?.op.startsWith(">") ?? true}
              spans={tried.firings}
              moveThreshold={tried.threshold ? moveThreshold : undefined}
            />
          </Suspense>
        </div>
      )}
      <p className={style.help}>
        {tried.n_series > tried.series.length
          ? t("rules.preview.top", { shown: tried.series.length, count: tried.n_series })
          : title}{" "}
        {tried.threshold && moveThreshold && !asTable ? t("rules.preview.drag") : null}
      </p>
      {lines.length === 0 ? null : (
        <Button size="compact-xs" variant="subtle" onClick={() => setAsTable(!asTable)}>
          {t(asTable ? "rules.preview.as_graph" : "rules.preview.as_table")}
        </Button>
      )}
    </>
  );
}

/** How often, where, how long, and now. */
function Verdict({ tried }: { tried: Tried }) {
  const { t } = useTranslation();
  return (
    <>
      <p className={style.verdict} role="status">
        {tried.n_firings === 0
          ? t("rules.preview.never")
          : t("rules.preview.times", {
              count: tried.n_firings,
              series: t("rules.preview.series", { count: tried.n_series_fired }),
              longest: duration(tried.longest_s),
            })}
      </p>
      <div className={style.numbers}>
        <span className={style.number} data-bad={tried.firing_now > 0 || undefined}>
          <b>{tried.firing_now}</b>
          {t("rules.preview.firing_now")}
        </span>
        <span className={style.number}>
          <b>{tried.pending_now}</b>
          {t("rules.preview.pending_now")}
        </span>
        <span className={style.number}>
          <b>{tried.n_firings}</b>
          {t("rules.preview.fired")}
        </span>
      </div>
    </>
  );
}

function Values({ lines }: { lines: { name: string; values: [number, number | null][] }[] }) {
  const { t } = useTranslation();
  return (
    <Table
      label={t("rules.preview.as_table")}
      head={
        <tr>
          <th>{t("rules.preview.column.series")}</th>
          <th data-number>{t("rules.preview.column.last")}</th>
          <th data-number>{t("rules.preview.column.min")}</th>
          <th data-number>{t("rules.preview.column.max")}</th>
        </tr>
      }
    >
      {lines.map((line) => {
        const found = extent(line);
        return (
          <tr key={line.name}>
            <td>{line.name}</td>
            <td data-number>{humanNumber(found?.last)}</td>
            <td data-number>{humanNumber(found?.min)}</td>
            <td data-number>{humanNumber(found?.max)}</td>
          </tr>
        );
      })}
    </Table>
  );
}
