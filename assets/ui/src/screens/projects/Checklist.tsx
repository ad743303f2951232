/** What a project needs before anybody can be told of anything: targets, rules, somebody to tell. */
import { IconCircleCheckFilled, IconCircleDashed } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "../../api/told";
import type { ProjectHealth } from "../../api/types";
import { useMayChange } from "../../app/session";
import { Card } from "../../parts/Card";
import { ButtonLink } from "../../parts/links";
import style from "./Projects.module.css";

export function Checklist({ project }: { project: ProjectHealth }) {
  const { t } = useTranslation();
  const { targets, rules } = project;
  const labels = { project: project.project, severity: "critical" };
  const told = useQuery({ ...explain({ labels }), retry: false });
  const [writes, declares, organises] = [
    useMayChange("rule-group"),
    useMayChange("target"),
    useMayChange("policy"),
  ];
  const n = { targets: targets.up + targets.down + targets.unknown, rules: rules.total };
  const somebody = told.data?.told.some(({ receiver }) => receiver) ?? undefined;
  // Not known yet, or all is there.
  if (somebody === undefined || (n.targets > 0 && n.rules > 0 && somebody)) return null;
  const search = { project: project.project };
  return (
    <Card title={t("projects.steps.title")}>
      <ol className={style.steps}>
        <Step done={n.targets > 0} head={t("projects.steps.targets")} text={t("projects.steps.targets_text")}>
          {declares ? (
            <ButtonLink to="/targets/new" search={search} size="xs" variant="light">
              {t("projects.steps.targets_add")}
            </ButtonLink>
          ) : null}
        </Step>
        <Step done={n.rules > 0} head={t("projects.steps.rules")} text={t("projects.steps.rules_text")}>
          {writes ? (
            <ButtonLink to="/rules/new" search={search} size="xs" variant="light">
              {t("projects.steps.rules_add")}
            </ButtonLink>
          ) : null}
        </Step>
        <Step done={somebody} head={t("projects.steps.told")} text={t("projects.steps.told_text")}>
          {organises ? (
            <ButtonLink
              to="/routes/$kind"
              params={{ kind: "policy" }}
              search={search}
              size="xs"
              variant="light"
            >
              {t("projects.steps.told_add")}
            </ButtonLink>
          ) : null}
        </Step>
      </ol>
    </Card>
  );
}

interface StepProps {
  done: boolean;
  head: string;
  text: string;
  children: ReactNode;
}

function Step({ done, head, text, children }: StepProps) {
  const { t } = useTranslation();
  const Icon = done ? IconCircleCheckFilled : IconCircleDashed;
  return (
    <li className={style.step} data-done={done || undefined}>
      <Icon size={22} role="img" aria-label={t(done ? "projects.steps.done" : "projects.steps.todo")} />
      <div>
        <div className={style.who}>{head}</div>
        {done ? null : <div className={style.todo}>{text}</div>}
      </div>
      {done ? null : children}
    </li>
  );
}
