/** The frame of a screen: one `h1`, the page title, and focus on it after a navigation. */
import { Group, Text } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { boot } from "../app/boot";
import style from "./Page.module.css";

interface PageProps {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

let navigated = false;

export function Page({ title, lead, actions, children }: PageProps) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = [title, boot.site, t("product")].filter(Boolean).join(" · ");
  }, [title, t]);

  useEffect(() => {
    // Not on the first page: there the skip link must stay the first stop.
    if (navigated) heading.current?.focus({ preventScroll: true });
    navigated = true;
  }, []);

  return (
    <div className={style.page}>
      <div className={style.top}>
        <div>
          <h1 ref={heading} tabIndex={-1} className={style.title}>
            {title}
          </h1>
          {lead ? (
            <Text component="div" c="dimmed" size="sm" mt={2}>
              {lead}
            </Text>
          ) : null}
        </div>
        {actions ? <Group gap="xs">{actions}</Group> : null}
      </div>
      {children}
    </div>
  );
}
