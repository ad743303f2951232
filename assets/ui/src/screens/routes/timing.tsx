/** How notifications are grouped and repeated: shared by policies and expert routes. */
import { TagsInput, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Fold } from "../../parts/Fold";
import { Row } from "../../parts/form/Row";
import { type Fault, isDuration } from "../../parts/form/rules";
import type { Fields } from "../../parts/form/useFields";

export interface Timing {
  group_by: string[];
  group_wait: string;
  group_interval: string;
  repeat_interval: string;
}

const durations = ["group_wait", "group_interval", "repeat_interval"] as const;

export interface SpecTiming {
  group_by?: string[] | null;
  group_wait?: string | null;
  group_interval?: string | null;
  repeat_interval?: string | null;
}

export function timingOf(spec: SpecTiming | undefined): Timing {
  return {
    group_by: spec?.group_by ?? [],
    group_wait: spec?.group_wait ?? "",
    group_interval: spec?.group_interval ?? "",
    repeat_interval: spec?.repeat_interval ?? "",
  };
}

/** Only what was said: the rest is inherited. */
export function timingSpec(draft: Timing): SpecTiming {
  return {
    ...(draft.group_by.length > 0 ? { group_by: draft.group_by } : {}),
    ...Object.fromEntries(durations.filter((name) => draft[name] !== "").map((name) => [name, draft[name]])),
  };
}

export function timingFaults(draft: Timing): Partial<Record<keyof Timing, Fault>> {
  const bad = durations.filter((name) => !isDuration(draft[name]));
  return Object.fromEntries(bad.map((name) => [name, "duration"]));
}

export function TimingFields<Draft extends Timing>({ fields }: { fields: Fields<Draft> }) {
  const { t } = useTranslation();
  const { draft, set, field, faults } = fields;
  const put = (change: Partial<Timing>) => set(change as Partial<Draft>);
  const open = draft.group_by.length > 0 || durations.some((name) => draft[name] !== "" || faults[name]);
  return (
    <Fold title={t("routes.timing_title")} open={open}>
      <TagsInput
        {...field("group_by", t("routes.group_by_help"))}
        label={t("routes.group_by")}
        value={draft.group_by}
        onChange={(group_by) => put({ group_by })}
        splitChars={[",", " ", "\n"]}
        acceptValueOnBlur
        mb="md"
      />
      <Row>
        {durations.map((name) => (
          <TextInput
            key={name}
            {...field(name, t(`routes.${name}_help`))}
            label={t(`routes.${name}`)}
            placeholder={t("routes.inherited")}
            value={draft[name]}
            onChange={({ currentTarget: { value } }) => put({ [name]: value.trim() })}
          />
        ))}
      </Row>
    </Fold>
  );
}

export interface Times {
  active_time_intervals: string[];
  mute_time_intervals: string[];
}

export function timesOf(spec: Partial<Times> | undefined): Times {
  return {
    active_time_intervals: spec?.active_time_intervals ?? [],
    mute_time_intervals: spec?.mute_time_intervals ?? [],
  };
}

export function timesSpec(draft: Times): Partial<Times> {
  const names = ["active_time_intervals", "mute_time_intervals"] as const;
  return Object.fromEntries(
    names.filter((name) => draft[name].length > 0).map((name) => [name, draft[name]]),
  );
}
