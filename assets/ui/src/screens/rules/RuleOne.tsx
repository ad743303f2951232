/** One rule: how it does now, its form, what happened to it, its tests. */
import { Button, Tabs } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ruleGroup } from "../../api/rules";
import type { RuleGroup } from "../../api/types";
import { useMayChange } from "../../app/session";
import { ApplyDialog } from "../../parts/ApplyDialog";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { ButtonLink, TextLink } from "../../parts/links";
import { Page } from "../../parts/Page";
import { Stale } from "../../parts/Stale";
import { draftOf, type RuleDraft } from "./draft";
import { RuleNow } from "./RuleNow";
import { withoutRule } from "./saveRule";
import { useStoredDraft } from "./useStoredDraft";

const RuleEditor = lazy(async () => ({ default: (await import("./RuleEditor")).RuleEditor }));
const RuleHistory = lazy(async () => ({ default: (await import("./RuleHistory")).RuleHistory }));
const RuleTests = lazy(async () => ({ default: (await import("./RuleTests")).RuleTests }));

const route = getRouteApi("/rules/$group/$rule");
export const ruleTabs = ["now", "edit", "history", "tests"] as const;
export type RuleTab = (typeof ruleTabs)[number];

export function RuleOne() {
  const { t } = useTranslation();
  const { group: name, rule } = route.useParams();
  const query = useQuery(ruleGroup(name));
  const index = query.data ? placeOf(query.data, rule) : -1;
  if (query.data === undefined || index < 0) {
    return (
      <Page title={rule} lead={<TextLink to="/rules">{t("rules.title")}</TextLink>}>
        <Stale query={query} title={t("rules.one_failed")} />
        {query.data ? (
          <Empty
            title={t("rules.gone")}
            text={t("rules.gone_text", { group: name })}
            action={<ButtonLink to="/rules">{t("rules.title")}</ButtonLink>}
          />
        ) : query.error ? null : (
          <Loading />
        )}
      </Page>
    );
  }
  return <Loaded key={`${name} ${index}`} group={query.data} index={index} />;
}

/** By place in the group, or by name: the first of that name. */
function placeOf(group: RuleGroup, rule: string): number {
  if (/^\d+$/.test(rule)) return Number(rule) < group.spec.rules.length ? Number(rule) : -1;
  return group.spec.rules.findIndex((each) => (each.alert ?? each.record) === rule);
}

function Loaded({ group, index }: { group: RuleGroup; index: number }) {
  const { t } = useTranslation();
  const { tab = "now" } = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMayChange("rule-group");
  const rule = group.spec.rules[index] as RuleGroup["spec"]["rules"][number];
  const name = rule.alert ?? rule.record ?? "";
  const start = useMemo(() => draftOf(group.spec.project, group.name, rule), [group, rule]);
  const show = (next: RuleTab) =>
    void navigate({ to: ".", search: (before) => ({ ...before, tab: next === "now" ? undefined : next }) });

  return (
    <Page
      title={name}
      lead={t("rules.of_group", { group: group.name, project: group.spec.project })}
      actions={may ? <DeleteRule group={group} index={index} name={name} /> : null}
    >
      <Tabs value={tab} onChange={(value) => show((value ?? "now") as RuleTab)} keepMounted={false}>
        <Tabs.List mb="md">
          {ruleTabs
            .filter((value) => may || value !== "edit")
            .map((value) => (
              <Tabs.Tab key={value} value={value}>
                {t(`rules.tab.${value}`)}
              </Tabs.Tab>
            ))}
        </Tabs.List>
        <Suspense fallback={<Loading />}>
          <Tabs.Panel value="now">
            <RuleNow group={group} index={index} />
          </Tabs.Panel>
          <Tabs.Panel value="edit">
            <Edit group={group} index={index} start={start} done={() => show("now")} />
          </Tabs.Panel>
          <Tabs.Panel value="history">
            <RuleHistory group={group.name} alert={name} />
          </Tabs.Panel>
          <Tabs.Panel value="tests">
            <RuleTests group={group} rule={rule} />
          </Tabs.Panel>
        </Suspense>
      </Tabs>
    </Page>
  );
}

interface EditProps {
  group: RuleGroup;
  index: number;
  start: RuleDraft;
  done: () => void;
}

function Edit({ group, index, start, done }: EditProps) {
  // What is typed belongs to the revision it began with: a newer one is a conflict to be told.
  const [began] = useState(group);
  const stored = useStoredDraft(`rule:${group.name}:${start.kind}:${start.name}`, start, {
    kind: "rule-group",
    object: group.name,
  });
  return <RuleEditor stored={stored} edited={{ group: began, index }} saved={done} leave={done} />;
}

interface DeleteProps {
  group: RuleGroup;
  index: number;
  name: string;
}

function DeleteRule({ group, index, name }: DeleteProps) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const [asked, setAsked] = useState(false);
  const left = withoutRule(group, index);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={() => setAsked(true)}
      >
        {t("action.delete")}
      </Button>
      {asked ? (
        <ApplyDialog
          title={t("rules.delete_title", { name })}
          documents={[left ?? { kind: "rule-group", name: group.name, delete: true }]}
          words={[t(left ? "rules.words.removed" : "rules.words.group_removed", { name, group: group.name })]}
          said={t("rules.deleted", { name })}
          close={() => setAsked(false)}
          done={() => void navigate({ to: "/rules" })}
        />
      ) : null}
    </>
  );
}
