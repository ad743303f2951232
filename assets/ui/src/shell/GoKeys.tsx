/** Keys that work on every screen: `g` and a letter goes somewhere, `?` lists what there is. */
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { listen, useKeys } from "./keys";

const KeysDialog = lazy(() => import("./KeysDialog"));

export function GoKeys() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  useEffect(listen, []);
  const places = [
    ["g h", "/", t("nav.home")],
    ["g a", "/alerts", t("nav.alerts")],
    ["g s", "/silences", t("nav.silences")],
    ["g n", "/notifications", t("nav.notifications")],
    ["g j", "/projects", t("nav.projects")],
    ["g r", "/rules", t("nav.rules")],
    ["g w", "/routes", t("nav.routes")],
    ["g p", "/people", t("nav.people")],
    ["g c", "/channels", t("nav.channels")],
    ["g t", "/targets", t("nav.targets")],
    ["g y", "/system/history", t("nav.history")],
  ] as const;
  useKeys([
    { key: "?", text: t("keys.help"), act: () => setOpen(true) },
    ...places.map(([key, to, screen]) => ({
      key,
      text: t("keys.go", { screen }),
      act: () => void navigate({ to }),
    })),
  ]);
  if (!open) return null;
  return (
    <Suspense>
      <KeysDialog close={() => setOpen(false)} />
    </Suspense>
  );
}
