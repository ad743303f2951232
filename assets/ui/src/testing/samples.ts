/** Documents as the server sends them, for tests. */
import type { Alert, Receipt } from "../api/types";

export function sampleAlert(change: Partial<Alert>): Alert {
  return {
    fingerprint: "f1",
    name: "Down",
    state: "firing",
    severity: "warning",
    project: "shop",
    labels: {},
    annotations: {},
    starts_at: "2026-11-22T00:00:00Z",
    updated_at: "2026-11-22T00:00:00Z",
    generator_url: "",
    receivers: [],
    silenced_by: [],
    inhibited_by: [],
    receipts: [],
    ...change,
  };
}

export function sampleReceipt(change: Partial<Receipt>): Receipt {
  return {
    id: "1",
    at: "2026-11-22T00:00:10Z",
    ended: null,
    receiver: "team",
    channel: "hook",
    type: "webhook",
    to: "",
    about: "firing",
    state: "delivered",
    reason: "",
    alerts: [
      { fingerprint: "f1", name: "Down", project: "shop", severity: "warning", status: "firing", labels: {} },
    ],
    more: 0,
    n_attempts: 1,
    attempts: [],
    test: false,
    local: false,
    ...change,
  };
}
