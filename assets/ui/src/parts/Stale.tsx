/** Says that what is shown is old: since when, why, and how to try again. */
import { Alert, Button, Group } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Ago } from "./Ago";
import { ProblemBox } from "./Problem";
import { useProblemText } from "./problemText";

interface StaleProps {
  query: UseQueryResult<unknown>;
  title: string;
}

/** Nothing while the query is well; a line above old data; the whole problem where there is none. */
export function Stale({ query, title }: StaleProps) {
  const { t } = useTranslation();
  const text = useProblemText(query.error);
  if (query.error === null) return null;
  if (query.data === undefined) {
    return <ProblemBox error={query.error} title={title} retry={() => void query.refetch()} />;
  }
  return (
    <Alert color="yellow" variant="outline" icon={<IconPlugConnectedX aria-hidden />} role="status" py="xs">
      <Group justify="space-between" gap="xs">
        <span>
          {title} {text} {t("stale.since")} <Ago at={new Date(query.dataUpdatedAt).toISOString()} focusable />
        </span>
        <Button size="compact-sm" variant="default" onClick={() => void query.refetch()}>
          {t("action.retry")}
        </Button>
      </Group>
    </Alert>
  );
}
