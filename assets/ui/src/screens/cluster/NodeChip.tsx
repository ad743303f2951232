/** How a node is, as the others hear it. */
import { IconCircleCheck, IconCircleX, IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { NodeState } from "../../api/types";
import { Chip, type Tone } from "../../parts/Chip";

const looks: Record<NodeState, [Tone, typeof IconCircleCheck]> = {
  ready: ["ok", IconCircleCheck],
  degraded: ["warning", IconCircleX],
  silent: ["critical", IconPlugConnectedX],
  gone: ["critical", IconPlugConnectedX],
};

export function NodeChip({ state }: { state: NodeState }) {
  const { t } = useTranslation();
  const [tone, icon] = looks[state];
  return <Chip tone={tone} icon={icon} text={t(`cluster.state.${state}`)} />;
}
