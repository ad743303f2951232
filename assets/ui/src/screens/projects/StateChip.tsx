/** The state of a project: colour, icon and word. */
import {
  IconAlertOctagonFilled,
  IconAlertTriangleFilled,
  IconCircleCheck,
  IconQuestionMark,
  type TablerIcon,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ProjectState } from "../../api/types";
import { Chip, type Tone } from "../../parts/Chip";

const looks: Record<ProjectState, [Tone, TablerIcon]> = {
  critical: ["critical", IconAlertOctagonFilled],
  warning: ["warning", IconAlertTriangleFilled],
  unknown: ["unknown", IconQuestionMark],
  ok: ["ok", IconCircleCheck],
};

export function StateChip({ state }: { state: ProjectState }) {
  const { t } = useTranslation();
  const [tone, icon] = looks[state];
  const filled = state === "critical" || state === "warning";
  return <Chip tone={tone} filled={filled} icon={icon} text={t(`projects.state.${state}`)} />;
}
