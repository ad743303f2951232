/** What failed in the last day, by channel. */
import type { Receipt } from "../../api/types";
import { answerOf } from "../../parts/receipt";

const DAY_MS = 86_400_000;

export interface Failed {
  /** Empty for a receiver without channel. */
  channel: string;
  receiver: string;
  count: number;
  /** When the newest one ended. */
  at: string;
  /** Why the newest one failed. */
  reason: string;
}

/** One a channel, in the order of the newest failure; `receipts` are the newest first. */
export function failedChannels(receipts: readonly Receipt[], now: number): Failed[] {
  const failed = new Map<string, Failed>();
  for (const receipt of receipts) {
    const at = receipt.ended ?? receipt.at;
    if (receipt.test || receipt.state !== "failed" || now - Date.parse(at) > DAY_MS) continue;
    const { channel, receiver } = receipt;
    const key = channel === "" ? `receiver ${receiver}` : channel;
    const known = failed.get(key);
    if (known) known.count += 1;
    else failed.set(key, { channel, receiver, count: 1, at, reason: answerOf(receipt) });
  }
  return [...failed.values()];
}
