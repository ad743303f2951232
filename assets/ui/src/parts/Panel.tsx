/** A drawer with its own address: closing goes back to the list, focus returns to where it was. */
import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import style from "./Panel.module.css";
import { useLayer } from "./useLayer";

interface PanelProps {
  title: ReactNode;
  close: () => void;
  size?: number;
  children: ReactNode;
}

export function Panel({ title, close, size, children }: PanelProps) {
  const { t } = useTranslation();
  useLayer(true, close);
  return (
    <Drawer.Root
      opened
      onClose={close}
      closeOnEscape={false}
      position="right"
      size={size ?? 640}
      keepMounted={false}
    >
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content>
        <div className={style.head}>
          <Drawer.Title fz="lg" fw={650}>
            {title}
          </Drawer.Title>
          <Drawer.CloseButton aria-label={t("action.close")} />
        </div>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
