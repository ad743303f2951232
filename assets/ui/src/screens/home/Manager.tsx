/** For who answers for it: every department and project, and what nobody takes care of. */
import { Button, Group } from "@mantine/core";
import { IconDownload, IconPrinter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ALL_PROJECTS, overview } from "../../api/overview";
import { useScope } from "../../app/useScope";
import { Card } from "../../parts/Card";
import { download } from "../../parts/download";
import { Loading } from "../../parts/Loading";
import { Stale } from "../../parts/Stale";
import { Freshness } from "../projects/Freshness";
import { Departments } from "./Departments";
import style from "./Home.module.css";
import { Neglected } from "./Neglected";
import { isNeglected } from "./neglect";
import { reportOf } from "./report";

export function Manager() {
  const { t } = useTranslation();
  const query = useQuery(overview(useScope(), { limit: ALL_PROJECTS }));
  const data = query.data;
  if (data === undefined) {
    return query.error ? (
      <Stale query={query} title={t("projects.failed")} />
    ) : (
      <Card>
        <Loading rows={8} />
      </Card>
    );
  }
  const save = () => {
    const today = new Date().toISOString().slice(0, 10);
    download(`watchkeep-${today}.csv`, reportOf(t, data.items), "text/csv;charset=utf-8");
  };
  return (
    <>
      <Stale query={query} title={t("projects.failed")} />
      <Group justify="space-between">
        <span className={style.asOf}>
          <Freshness data={data} />
        </span>
        <Group gap="xs" className={style.unprinted}>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconDownload size={15} aria-hidden />}
            onClick={save}
          >
            {t("projects.home.csv")}
          </Button>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPrinter size={15} aria-hidden />}
            onClick={() => window.print()}
          >
            {t("projects.home.print")}
          </Button>
        </Group>
      </Group>
      <div className={style.report}>
        {/* What waits for somebody comes first, where it stands above. */}
        {isNeglected(data) ? <Neglected data={data} /> : null}
        <Departments data={data} />
        {isNeglected(data) ? null : <Neglected data={data} />}
      </div>
    </>
  );
}
