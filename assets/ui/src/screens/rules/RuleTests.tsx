/** Tests of a rule's group in promtool's form: kept with the rules, run on every save of either. */
import { Button, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { ruleTests } from "../../api/rules";
import type { Rule, RuleGroup, RuleTest } from "../../api/types";
import { useMayChange } from "../../app/session";
import { Card } from "../../parts/Card";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { Stale } from "../../parts/Stale";
import style from "./Rules.module.css";

const TestEditor = lazy(() => import("./TestEditor"));

export function RuleTests({ group, rule }: { group: RuleGroup; rule: Rule }) {
  const { t } = useTranslation();
  const may = useMayChange("rule-test");
  const query = useQuery(ruleTests());
  const [open, setOpen] = useState<RuleTest | "new" | null>(null);
  const own = (query.data?.items ?? []).filter((test) => test.spec.rule_groups.includes(group.name));
  const add = may ? (
    <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen("new")}>
      {t("rules.test.new")}
    </Button>
  ) : null;
  return (
    <div className={style.columns}>
      <Card title={t("rules.tab.tests")} action={own.length > 0 ? add : null}>
        <Stale query={query} title={t("rules.test.unread")} />
        {query.data === undefined ? (
          query.error ? null : (
            <Loading rows={3} />
          )
        ) : own.length === 0 ? (
          <Empty title={t("rules.test.none")} text={t("rules.test.none_text")} action={add} />
        ) : (
          <Stack gap="xs">
            {own.map((test) => (
              <UnstyledButton
                key={test.name}
                className={style.card}
                aria-pressed={open !== null && open !== "new" && open.name === test.name}
                onClick={() => setOpen(test)}
              >
                <span className={style.cardTitle}>{test.spec.title || test.name}</span>
                <span className={style.cardAbout}>
                  {t("rules.test.cases", { count: test.spec.tests.length })}
                </span>
              </UnstyledButton>
            ))}
          </Stack>
        )}
        <Text size="sm" c="dimmed" mt="md">
          {t("rules.test.about")}
        </Text>
      </Card>
      {open === null ? null : (
        <Suspense fallback={<Loading />}>
          <TestEditor
            key={open === "new" ? "new" : `${open.name} ${open.revision}`}
            test={open === "new" ? undefined : open}
            group={group}
            rule={rule}
            close={() => setOpen(null)}
          />
        </Suspense>
      )}
    </div>
  );
}
