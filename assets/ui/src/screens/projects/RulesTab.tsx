/** The rules of one project, each with who is told. */
import { IconMathFunction } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { observedRules } from "../../api/rules";
import type { ProjectHealth } from "../../api/types";
import { useMayChange } from "../../app/session";
import { ButtonLink } from "../../parts/links";
import { RuleList } from "../rules/RuleList";
import { ListTab, SIZE } from "./ListTab";

export function RulesTab({ project }: { project: ProjectHealth }) {
  const { t } = useTranslation();
  const scope = { project: project.project };
  const page = (offset: number) => observedRules(scope, { limit: SIZE, offset });
  const may = useMayChange("rule-group");
  return (
    <ListTab
      first={page(0)}
      failed={t("rules.failed")}
      icon={IconMathFunction}
      none={t("projects.no_rules")}
      text={t("projects.steps.rules_text")}
      add={
        may ? (
          <ButtonLink to="/rules/new" search={scope}>
            {t("projects.steps.rules_add")}
          </ButtonLink>
        ) : null
      }
    >
      {(total, busy) => <RuleList page={page} size={SIZE} total={total} busy={busy} selection={undefined} />}
    </ListTab>
  );
}
