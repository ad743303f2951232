/** Who was told about an alert, from the receipts at hand. */
import type { Alert, Receipt, Receipts } from "../../api/types";

export type Told = "delivered" | "failed" | "waiting" | "nobody" | "unread";

/** Clocks of Prometheus and of the notifier may differ by so much. */
const SLACK_MS = 60_000;

/** By fingerprint, oldest first: a receipt may name hundreds of alerts, and every row asks. */
const indexes = new WeakMap<readonly Receipt[], ReadonlyMap<string, readonly Receipt[]>>();

function indexOf(receipts: readonly Receipt[]): ReadonlyMap<string, readonly Receipt[]> {
  const known = indexes.get(receipts);
  if (known) return known;
  const index = new Map<string, Receipt[]>();
  for (const receipt of [...receipts].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))) {
    for (const fingerprint of new Set(receipt.alerts.map((each) => each.fingerprint))) {
      const own = index.get(fingerprint);
      if (own) own.push(receipt);
      else index.set(fingerprint, [receipt]);
    }
  }
  indexes.set(receipts, index);
  return index;
}

/** The receipts that name this alert's present firing, oldest first. */
export function receiptsOf(alert: Alert, receipts: readonly Receipt[]): Receipt[] {
  const since = Date.parse(alert.starts_at) - SLACK_MS;
  const own = indexOf(receipts).get(alert.fingerprint) ?? [];
  return own.filter((receipt) => !(Date.parse(receipt.at) < since));
}

/**
 * The best news that is true. "Nobody" is only said when every receipt was read; with a page that
 * was cut it stays `unread`.
 */
export function toldOf(alert: Alert, page: Receipts | undefined): { told: Told; receivers: string[] } {
  const own = page ? receiptsOf(alert, page.items) : [];
  const states = own.map((receipt) => receipt.state);
  const receivers = [...new Set(own.map((receipt) => receipt.receiver))];
  const is = (...wanted: Receipt["state"][]) => states.some((state) => wanted.includes(state));
  if (is("delivered", "accepted", "merged")) return { told: "delivered", receivers };
  if (is("failed")) return { told: "failed", receivers };
  if (is("pending")) return { told: "waiting", receivers };
  return { told: page === undefined || page.next ? "unread" : "nobody", receivers };
}
