/** What is said above the form of a rule. */
import { Alert, Button, Group } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Ago } from "../../parts/Ago";
import { ProblemBox } from "../../parts/Problem";

interface NoticesProps {
  /** Milliseconds since the epoch: what was typed then is shown again. */
  restored: number | undefined;
  discard: () => void;
  /** Why saving could not begin. */
  error: unknown;
}

export default function Notices({ restored, discard, error }: NoticesProps) {
  const { t } = useTranslation();
  return (
    <>
      {restored === undefined ? null : (
        <Alert color="blue" variant="outline" py="xs" icon={<IconHistory aria-hidden />} role="status">
          <Group justify="space-between" gap="xs">
            <span>
              {t("rules.draft.restored")} <Ago at={new Date(restored).toISOString()} focusable />
            </span>
            <Button size="compact-sm" variant="default" onClick={discard}>
              {t("rules.draft.discard")}
            </Button>
          </Group>
        </Alert>
      )}
      {error === null ? null : <ProblemBox error={error} title={t("rules.form.failed")} />}
    </>
  );
}
