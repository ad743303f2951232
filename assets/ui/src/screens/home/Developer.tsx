/** For who builds it: one's own projects and rules, and the two things one comes for. */
import { Group } from "@mantine/core";
import { IconMathFunction, IconPlus, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { overview } from "../../api/overview";
import { observedRules } from "../../api/rules";
import type { Overview } from "../../api/types";
import { useMayChange } from "../../app/session";
import { useScope } from "../../app/useScope";
import { Card } from "../../parts/Card";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { ButtonLink, TextLink } from "../../parts/links";
import { Stale } from "../../parts/Stale";
import { Freshness } from "../projects/Freshness";
import style from "./Home.module.css";
import { ProjectCard } from "./ProjectCard";
import { RuleRanking } from "./RuleRanking";

const CARDS = 12;
const RULES = 10;

export function Developer() {
  const { t } = useTranslation();
  const scope = useScope();
  const mine = useQuery(overview(scope, { limit: CARDS }));
  const rules = useQuery(observedRules(scope, { kind: "alerting", sort: "-fired_7d", limit: RULES }));
  const may = useMayChange("rule-group");
  const only = mine.data?.total === 1 ? mine.data.items[0]?.project : undefined;
  return (
    <>
      <Group justify="space-between">
        <span className={style.asOf}>
          <Freshness data={mine.data} />
        </span>
        <Group gap="xs">
          {only ? (
            <ButtonLink
              to="/projects/$id"
              params={{ id: only }}
              search={{ tab: "people" }}
              variant="default"
              leftSection={<IconUsers size={16} aria-hidden />}
            >
              {t("projects.home.who_is_told")}
            </ButtonLink>
          ) : (
            <ButtonLink
              to="/people"
              search={true}
              variant="default"
              leftSection={<IconUsers size={16} aria-hidden />}
            >
              {t("projects.home.who_is_told")}
            </ButtonLink>
          )}
          {may ? (
            <ButtonLink to="/rules/new" search={true} leftSection={<IconPlus size={16} aria-hidden />}>
              {t("projects.steps.rules_add")}
            </ButtonLink>
          ) : null}
        </Group>
      </Group>
      <Stale query={mine} title={t("projects.failed")} />
      {mine.data ? (
        <Cards data={mine.data} />
      ) : mine.error ? null : (
        <Card>
          <Loading rows={4} />
        </Card>
      )}
      <Stale query={rules} title={t("projects.home.rules_failed")} />
      {rules.data ? (
        <Card title={t("projects.home.rules")} note={t("projects.home.rules_note")} flush>
          {rules.data.items.length === 0 ? (
            <Empty
              icon={IconMathFunction}
              title={t("projects.no_rules")}
              text={t("projects.steps.rules_text")}
            />
          ) : (
            <RuleRanking rules={rules.data.items} />
          )}
        </Card>
      ) : null}
    </>
  );
}

function Cards({ data }: { data: Overview }) {
  const { t } = useTranslation();
  if (data.items.length === 0) {
    return (
      <Card flush>
        <Empty title={t("projects.empty")} text={t("projects.empty_text")} />
      </Card>
    );
  }
  return (
    <>
      <ul className={style.cards} aria-label={t("projects.title")}>
        {data.items.map((project) => (
          <ProjectCard key={project.project} project={project} />
        ))}
      </ul>
      {data.total > data.items.length ? (
        <TextLink to="/projects" search={true} size="sm">
          {t("projects.home.all_projects", { count: data.total })}
        </TextLink>
      ) : null}
    </>
  );
}
