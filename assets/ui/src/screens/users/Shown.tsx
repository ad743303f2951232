/** A secret that is shown this once. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../../parts/Copy";
import style from "./Users.module.css";

export function Shown({ text, secret, close }: { text: string; secret: string; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <Text size="sm">{text}</Text>
      <div className={style.shown}>
        <code>{secret}</code>
        <CopyButton value={secret} />
      </div>
      <Text size="sm" c="dimmed">
        {t("users.once")}
      </Text>
      <Group justify="flex-end">
        {/* The form that had the focus is gone. */}
        <Button ref={(button: HTMLButtonElement | null) => button?.focus()} onClick={close}>
          {t("action.done")}
        </Button>
      </Group>
    </Stack>
  );
}
