/** Deleting asks first, naming the target and what follows. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { remove } from "../../api/changes";
import type { Target } from "../../api/types";
import { Dialog } from "../../parts/Dialog";
import { ProblemBox } from "../../parts/Problem";
import { useUndo } from "../../parts/useUndo";

interface DeleteTargetProps {
  object: Target;
  /** Told before and after: while it is being removed nobody must ask for it. */
  removing: (now: boolean) => void;
  gone: () => void;
  icon: ReactNode;
}

export function DeleteTarget({ object, removing, gone, icon }: DeleteTargetProps) {
  const { t } = useTranslation();
  const [asked, { open, close }] = useDisclosure(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const undo = useUndo();

  const act = async () => {
    setBusy(true);
    setError(null);
    removing(true);
    try {
      const done = await remove("targets", object);
      undo(t("targets.deleted", { name: object.name }), done);
      gone();
    } catch (problem) {
      removing(false);
      setError(problem);
      setBusy(false);
    }
  };

  return (
    <>
      <Button variant="default" leftSection={icon} onClick={open}>
        {t("action.delete")}
      </Button>
      <Dialog opened={asked} close={close} title={t("targets.delete_title", { name: object.name })}>
        <Stack>
          {error === null ? null : <ProblemBox error={error} title={t("targets.delete_failed")} />}
          <Text size="sm">{t("targets.delete_text", { count: object.spec.targets.length })}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              {t("action.cancel")}
            </Button>
            <Button color="red.9" loading={busy} onClick={() => void act()}>
              {t("action.delete")}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}
