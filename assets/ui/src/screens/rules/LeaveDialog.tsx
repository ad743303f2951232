/** Leaving with something typed: it can be kept for later. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../parts/Dialog";

interface LeaveDialogProps {
  stay: () => void;
  keep: () => void;
  discard: () => void;
}

export function LeaveDialog({ stay, keep, discard }: LeaveDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog opened title={t("rules.draft.leave_title")} close={stay}>
      <Stack>
        <Text size="sm">{t("rules.draft.leave_text")}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={stay}>
            {t("rules.draft.stay")}
          </Button>
          <Button variant="default" onClick={discard}>
            {t("rules.draft.discard")}
          </Button>
          <Button data-autofocus onClick={keep}>
            {t("rules.draft.keep")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
