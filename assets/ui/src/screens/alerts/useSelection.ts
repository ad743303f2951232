/** Which alerts are selected, and the keys that work on them. */

import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Alert, Alerts } from "../../api/types";
import { matchersOf } from "../../parts/matchers";
import { useKeys } from "../../shell/keys";
import type { Selection } from "./AlertCells";

/** The ways into alerts that are on the page, in order. */
const links = () => [...document.querySelectorAll<HTMLElement>("a[data-row]")];

function step(by: 1 | -1): void {
  const all = links();
  const current = all.findIndex((link) => link.closest("tr")?.contains(document.activeElement));
  const next = all[current < 0 ? 0 : current + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

const focused = () =>
  document.activeElement?.closest("tr")?.querySelector<HTMLElement>("[data-row]")?.dataset.row;

export interface SelectedAlerts extends Selection {
  alerts: Alert[];
  clear: () => void;
  silence: () => void;
}

export function useSelection(): SelectedAlerts {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [selected, setSelected] = useState<ReadonlyMap<string, Alert>>(new Map());
  const toggle = (alert: Alert) =>
    setSelected((before) => {
      const next = new Map(before);
      if (!next.delete(alert.fingerprint)) next.set(alert.fingerprint, alert);
      return next;
    });
  const clear = () => setSelected(new Map());
  const current = (): Alert | undefined => {
    const fingerprint = focused();
    const pages = queries.getQueriesData<Alerts>({ queryKey: ["alerts", "list"] });
    return pages.flatMap(([, page]) => page?.items ?? []).find((alert) => alert.fingerprint === fingerprint);
  };
  const silence = () => {
    const own =
      selected.size > 0 ? [...selected.values()] : [current()].filter((alert) => alert !== undefined);
    if (own.length > 0) void navigate({ to: "/silences/new", search: { m: matchersOf(own).join("\n") } });
  };
  useKeys([
    { key: "j", text: t("alerts.key_down"), act: () => step(1) },
    { key: "k", text: t("alerts.key_up"), act: () => step(-1) },
    {
      key: "x",
      text: t("alerts.key_select"),
      act: () => {
        const alert = current();
        if (alert) toggle(alert);
      },
    },
    { key: "s", text: t("alerts.key_silence"), act: silence },
    // Enter is the link's own; it is only listed.
    { key: "Enter ", text: t("alerts.key_open"), act: () => {} },
    { key: "Escape", text: t("alerts.key_clear"), act: clear },
  ]);
  return {
    has: (fingerprint) => selected.has(fingerprint),
    toggle,
    alerts: [...selected.values()],
    clear,
    silence,
  };
}
