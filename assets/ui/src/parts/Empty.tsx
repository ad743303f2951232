/** Nothing to show: why, and the next step. */
import { Text, ThemeIcon } from "@mantine/core";
import { IconMoodEmpty, type TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import style from "./Empty.module.css";

interface EmptyProps {
  icon?: TablerIcon;
  tone?: "gray" | "green" | "red";
  title: string;
  text?: ReactNode;
  action?: ReactNode;
}

export function Empty({ icon: Icon = IconMoodEmpty, tone = "gray", title, text, action }: EmptyProps) {
  return (
    <div className={style.empty}>
      <ThemeIcon size={48} radius="xl" variant="light" color={tone}>
        <Icon size={26} aria-hidden />
      </ThemeIcon>
      <Text fw={600}>{title}</Text>
      {text ? (
        <Text component="div" size="sm" c="dimmed" maw={520}>
          {text}
        </Text>
      ) : null}
      {action}
    </div>
  );
}
