/** What went wrong, in the user's words, with what to do and what to quote to support. */
import { Alert, Anchor, Button, Group, List, Text } from "@mantine/core";
import { IconAlertOctagonFilled, IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { address, Problem } from "../api/http";
import { CopyButton } from "./Copy";
import { useProblemText } from "./problemText";

interface ProblemProps {
  error: unknown;
  /** What failed, as a sentence; the default says that something did. */
  title?: string;
  retry?: () => void;
}

export function ProblemBox({ error, title, retry }: ProblemProps) {
  const { t } = useTranslation();
  const text = useProblemText(error);
  const problem = error instanceof Problem ? error : undefined;
  const forbidden = problem?.status === 403;
  return (
    <Alert
      color="red"
      variant="outline"
      role="alert"
      icon={forbidden ? <IconLock aria-hidden /> : <IconAlertOctagonFilled aria-hidden />}
      title={title ?? t(forbidden ? "problem.forbidden" : "problem.title")}
    >
      <Text size="sm">{text}</Text>
      {problem?.hint ? (
        <Text size="sm" mt={4}>
          {problem.hint}
        </Text>
      ) : null}
      {problem && problem.errors.length > 0 ? (
        <List size="sm" mt={6}>
          {problem.errors.map((each) => (
            <List.Item key={`${each.path} ${each.message}`}>
              <code>{each.path}</code> {each.message}
            </List.Item>
          ))}
        </List>
      ) : null}
      <Group gap="sm" mt="sm">
        {retry ? (
          <Button size="xs" variant="default" onClick={retry}>
            {t("action.retry")}
          </Button>
        ) : null}
        {problem?.code ? (
          <Anchor size="sm" href={address(`/help/${problem.code}`)} target="_blank" rel="noreferrer">
            {t("problem.help", { code: problem.code })}
          </Anchor>
        ) : null}
        {problem?.requestId ? (
          <Group gap={4}>
            <Text size="sm" c="dimmed">
              {t("problem.request", { id: problem.requestId })}
            </Text>
            <CopyButton value={problem.requestId} />
          </Group>
        ) : null}
      </Group>
    </Alert>
  );
}
