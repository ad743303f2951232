/** What a receipt says. */
import type { Receipt } from "../api/types";

/** It reached somebody, alone or in another message. */
export const isTold = ({ state }: Receipt) =>
  state === "delivered" || state === "accepted" || state === "merged";

/** When it ended, or when it was last tried. */
export const sentAt = (receipt: Receipt) => receipt.ended ?? receipt.attempts.at(-1)?.at ?? receipt.at;

/** The other side's last word, or why there is none. */
export const answerOf = (receipt: Receipt) => receipt.reason || receipt.attempts.at(-1)?.answer || "";

/** From queued to ended, in milliseconds. */
export function latencyOf(receipt: Receipt): number | undefined {
  return receipt.ended ? Date.parse(receipt.ended) - Date.parse(receipt.at) : undefined;
}
