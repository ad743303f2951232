/** After a change: says that it is done and offers to take it back for half a minute. */
import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Done, revert } from "../api/changes";
import { Problem } from "../api/http";

export function useUndo(): (message: string, done: Done) => void {
  const { t } = useTranslation();
  const queries = useQueryClient();

  const undo = async (id: string, revision: string, what: string) => {
    notifications.hide(id);
    try {
      await revert({ revision });
      notifications.show({ color: "blue", message: t("undo.done", { what }) });
    } catch (error) {
      const detail = error instanceof Problem ? error.message : String(error);
      notifications.show({
        color: "red",
        autoClose: false,
        message: t("undo.failed", { detail }),
        ...closable(t),
      });
    }
    await queries.invalidateQueries();
  };

  return (message, { revision }) => {
    const id = `undo-${revision ?? message}`;
    void queries.invalidateQueries();
    notifications.show({
      id,
      color: "green",
      autoClose: 30_000,
      ...closable(t),
      message: (
        <Group justify="space-between" gap="sm" wrap="nowrap">
          {message}
          {revision === undefined ? null : (
            <Button size="compact-sm" variant="default" onClick={() => void undo(id, revision, message)}>
              {t("undo.action")}
            </Button>
          )}
        </Group>
      ),
    });
  };
}

function closable(t: (key: "action.close") => string) {
  return { closeButtonProps: { "aria-label": t("action.close") } };
}
