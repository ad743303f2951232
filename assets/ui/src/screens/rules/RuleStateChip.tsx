/** The state of a rule or of one of its series. */
import {
  IconAlertOctagonFilled,
  IconCircleCheck,
  IconClock,
  IconPlayerPause,
  IconQuestionMark,
  type TablerIcon,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { RuleState } from "../../api/types";
import { Chip, type Tone } from "../../parts/Chip";

const looks: Record<RuleState, [Tone, TablerIcon]> = {
  firing: ["critical", IconAlertOctagonFilled],
  pending: ["pending", IconClock],
  unknown: ["unknown", IconQuestionMark],
  inactive: ["ok", IconCircleCheck],
  disabled: ["muted", IconPlayerPause],
};

export function RuleStateChip({ state }: { state: RuleState }) {
  const { t } = useTranslation();
  const [tone, icon] = looks[state] ?? looks.unknown;
  return <Chip tone={tone} icon={icon} text={t(`rules.state.${state}`)} />;
}
