/** The targets of one project. */
import { IconTargetOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { observedTargets } from "../../api/queries";
import type { ProjectHealth } from "../../api/types";
import { useMayChange } from "../../app/session";
import { ButtonLink } from "../../parts/links";
import { TargetTable } from "../targets/TargetTable";
import { ListTab, SIZE } from "./ListTab";

export function TargetsTab({ project }: { project: ProjectHealth }) {
  const { t } = useTranslation();
  const scope = { project: project.project };
  const page = (offset: number) => observedTargets(scope, { sort: "state", limit: SIZE, offset });
  const may = useMayChange("target");
  return (
    <ListTab
      first={page(0)}
      failed={t("health.failed")}
      icon={IconTargetOff}
      none={t("projects.no_targets")}
      text={t("projects.steps.targets_text")}
      add={
        may ? (
          <ButtonLink to="/targets/new" search={scope}>
            {t("projects.steps.targets_add")}
          </ButtonLink>
        ) : null
      }
    >
      {(total, busy) => <TargetTable page={page} size={SIZE} total={total} busy={busy} />}
    </ListTab>
  );
}
