/** How the states of a notification look. */
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconClock,
  IconStack2,
  type TablerIcon,
} from "@tabler/icons-react";
import type { ReceiptState } from "../../api/types";
import type { Tone } from "../../parts/Chip";

export const looks: Record<ReceiptState, [Tone, TablerIcon]> = {
  pending: ["pending", IconClock],
  delivered: ["ok", IconCircleCheck],
  accepted: ["ok", IconCircleCheck],
  failed: ["critical", IconAlertTriangle],
  merged: ["muted", IconStack2],
};
