/** What is shown this once: a password, a token, the line to run with one. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CopyButton } from "./Copy";
import style from "./Shown.module.css";

interface ShownProps {
  text: string;
  secret: string;
  /** What to do with it. */
  note: string;
  close: () => void;
}

export function Shown({ text, secret, note, close }: ShownProps) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <Text size="sm">{text}</Text>
      <div className={style.shown}>
        <pre>
          <code>{secret}</code>
        </pre>
        <CopyButton value={secret} />
      </div>
      <Text size="sm" c="dimmed">
        {note}
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
