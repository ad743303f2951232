/** Around every screen: skip link, navigation, header, and word of a lost connection. */
import { Burger } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Connection } from "./Connection";
import { GoKeys } from "./GoKeys";
import { LanguageMenu } from "./LanguageMenu";
import { LiveDot } from "./LiveDot";
import { LiveProvider } from "./live";
import { Navigation } from "./Navigation";
import { ScopePicker } from "./ScopePicker";
import style from "./Shell.module.css";
import { SilencedCount } from "./SilencedCount";
import { ThemeToggle } from "./ThemeToggle";
import { UserMenu } from "./UserMenu";
import { useAhead } from "./useAhead";

const Toasts = lazy(() => import("./Toasts"));

export function Shell() {
  const { t } = useTranslation();
  const [open, { toggle, close }] = useDisclosure(false);
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useHotkeys([["Escape", close]]);
  useAhead();

  // biome-ignore lint/correctness/useExhaustiveDependencies: every navigation closes the menu
  useEffect(close, [path]);

  return (
    <LiveProvider>
      {/* A button: with a <base>, a link to #main would leave the page. */}
      <button type="button" className={style.skip} onClick={() => main.current?.focus()}>
        {t("shell.skip")}
      </button>
      <div className={style.frame} data-open={open || undefined}>
        <nav className={style.bar} aria-label={t("shell.navigation")}>
          <Navigation close={close} />
        </nav>
        {/* Only for the pointer: the keyboard has Escape and the close button. */}
        <div className={style.veil} aria-hidden="true" onClick={close} />
        <header className={style.header}>
          <span className={style.burger}>
            <Burger opened={open} onClick={toggle} size="sm" aria-label={t("shell.menu_open")} />
          </span>
          <ScopePicker />
          <div className={style.tools}>
            <SilencedCount />
            <LiveDot />
            <LanguageMenu />
            <ThemeToggle />
            <UserMenu />
          </div>
        </header>
        <main ref={main} tabIndex={-1} className={style.main}>
          <Connection />
          <Outlet />
        </main>
      </div>
      <GoKeys />
      <Suspense>
        <Toasts />
      </Suspense>
    </LiveProvider>
  );
}
