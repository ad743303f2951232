/** The targets of one project. */
import { IconTargetOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { observedTargets } from "../../api/queries";
import type { ProjectHealth } from "../../api/types";
import { useMay } from "../../app/session";
import { Card } from "../../parts/Card";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { ButtonLink } from "../../parts/links";
import { Stale } from "../../parts/Stale";
import { TargetTable } from "../targets/TargetTable";

const SIZE = 100;

export function TargetsTab({ project }: { project: ProjectHealth }) {
  const { t } = useTranslation();
  const scope = { project: project.project };
  const page = (offset: number) => observedTargets(scope, { sort: "state", limit: SIZE, offset });
  const query = useQuery(page(0));
  const may = useMay("operator");
  return (
    <>
      <Stale query={query} title={t("health.failed")} />
      <Card flush>
        {query.data === undefined ? (
          query.error ? null : (
            <Loading rows={6} />
          )
        ) : query.data.total === 0 ? (
          <Empty
            icon={IconTargetOff}
            title={t("projects.no_targets")}
            text={t("projects.steps.targets_text")}
            action={
              may ? (
                <ButtonLink to="/targets/new" search={scope}>
                  {t("projects.steps.targets_add")}
                </ButtonLink>
              ) : null
            }
          />
        ) : (
          <TargetTable page={page} size={SIZE} total={query.data.total} busy={query.isPlaceholderData} />
        )}
      </Card>
    </>
  );
}
