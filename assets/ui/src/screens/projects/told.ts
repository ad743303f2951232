/** Who was told of the alerts that fire now, from what became of the notifications. */
import type { Explained } from "../../api/told";
import type { Alert, Receipt, Receipts } from "../../api/types";

export interface Told {
  /** `unread`: there are more notifications than were looked at. */
  what: "told" | "failed" | "waiting" | "nobody" | "unread";
  /** Names of people, or of receivers behind which nobody is declared. */
  people: string[];
  /** Kinds of channels. */
  ways: string[];
}

/** The best news that is true of the alerts. `routed` knows the people behind receivers. */
export function toldOf(firing: readonly Alert[], page: Receipts, routed: Explained | undefined): Told {
  const starts = new Map(firing.map((alert) => [alert.fingerprint, Date.parse(alert.starts_at)]));
  const own = page.items.filter(
    (receipt) =>
      receipt.about !== "resolved" &&
      !receipt.test &&
      receipt.alerts.some(({ fingerprint }) => {
        const start = starts.get(fingerprint);
        return start !== undefined && !(Date.parse(receipt.at) < start);
      }),
  );
  const found = (...states: Receipt["state"][]) => own.filter(({ state }) => states.includes(state));
  const of = (what: Told["what"], receipts: Receipt[]): Told => ({
    what,
    people: peopleOf(receipts, routed),
    ways: [...new Set(receipts.map(({ type }) => type))],
  });
  const delivered = found("delivered", "accepted", "merged");
  if (delivered.length > 0) return of("told", delivered);
  const failed = found("failed");
  if (failed.length > 0) return of("failed", failed);
  const waiting = found("pending");
  if (waiting.length > 0) return of("waiting", waiting);
  return { what: page.next ? "unread" : "nobody", people: [], ways: [] };
}

function peopleOf(receipts: readonly Receipt[], routed: Explained | undefined): string[] {
  const names = receipts.flatMap(({ receiver }) => {
    const way = routed?.told.find((one) => one.receiver === receiver);
    const people = way?.people.map(({ name, title }) => title || name) ?? [];
    return people.length > 0 ? people : [way?.receiver_title || receiver];
  });
  return [...new Set(names)];
}
