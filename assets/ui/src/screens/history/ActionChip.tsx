/** What a change did. */
import { IconMinus, IconPencil, IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { HistoryEntry } from "../../api/types";
import { Chip, type Tone } from "../../parts/Chip";

const looks = {
  create: ["ok", IconPlus],
  update: ["info", IconPencil],
  delete: ["critical", IconMinus],
} as const satisfies Record<HistoryEntry["action"], [Tone, typeof IconPlus]>;

export function ActionChip({ action }: { action: HistoryEntry["action"] }) {
  const { t } = useTranslation();
  const [tone, icon] = looks[action];
  return <Chip tone={tone} icon={icon} text={t(`history.action.${action}`)} />;
}
