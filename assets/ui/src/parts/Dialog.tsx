/** A question over the page. Without `close` it can only be answered. */
import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import style from "./Panel.module.css";
import { useLayer } from "./useLayer";

interface DialogProps {
  opened: boolean;
  title: string;
  close?: () => void;
  /** Width in pixels. */
  size?: number;
  children: ReactNode;
}

export function Dialog({ opened, title, close, size, children }: DialogProps) {
  const { t } = useTranslation();
  useLayer(opened, close);
  return (
    <Modal.Root
      opened={opened}
      onClose={close ?? (() => {})}
      closeOnEscape={false}
      size={size ?? 440}
      centered
    >
      <Modal.Overlay backgroundOpacity={0.45} />
      <Modal.Content>
        <div className={style.head}>
          <Modal.Title fz="lg" fw={650}>
            {title}
          </Modal.Title>
          {close ? <Modal.CloseButton aria-label={t("action.close")} /> : null}
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
