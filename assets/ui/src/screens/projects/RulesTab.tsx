/** The rules of one project, each with who is told. */
import { IconMathFunction } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { observedRules } from "../../api/rules";
import type { ProjectHealth } from "../../api/types";
import { useMay } from "../../app/session";
import { Card } from "../../parts/Card";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { ButtonLink } from "../../parts/links";
import { Stale } from "../../parts/Stale";
import { RuleList } from "../rules/RuleList";

const SIZE = 100;

export function RulesTab({ project }: { project: ProjectHealth }) {
  const { t } = useTranslation();
  const scope = { project: project.project };
  const page = (offset: number) => observedRules(scope, { limit: SIZE, offset });
  const query = useQuery(page(0));
  const may = useMay("developer");
  return (
    <>
      <Stale query={query} title={t("rules.failed")} />
      <Card flush>
        {query.data === undefined ? (
          query.error ? null : (
            <Loading rows={6} />
          )
        ) : query.data.total === 0 ? (
          <Empty
            icon={IconMathFunction}
            title={t("projects.no_rules")}
            text={t("projects.steps.rules_text")}
            action={
              may ? (
                <ButtonLink to="/rules/new" search={scope}>
                  {t("projects.steps.rules_add")}
                </ButtonLink>
              ) : null
            }
          />
        ) : (
          <RuleList
            page={page}
            size={SIZE}
            total={query.data.total}
            busy={query.isPlaceholderData}
            selection={undefined}
          />
        )}
      </Card>
    </>
  );
}
