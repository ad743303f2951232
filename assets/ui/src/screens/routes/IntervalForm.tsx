/** A time interval: drawn as hours of a week, or written entry by entry where that is not enough. */
import { Autocomplete, SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Objects } from "../../api/objects";
import { useMayChangeShared } from "../../app/session";
import { Editor } from "../../parts/form/Editor";
import { OwnerField, useOwner } from "../../parts/form/OwnerField";
import { first, isName, ownerFault } from "../../parts/form/rules";
import { type Faults, useFields } from "../../parts/form/useFields";
import { IntervalEntries } from "./IntervalEntries";
import { WeekGrid } from "./WeekGrid";
import { type Entry, entriesOf, entriesOfWeek, isTimes, weekOf, writtenOf } from "./week";

interface Draft {
  name: string;
  title: string;
  /** None = it is shared. */
  project: string;
  entries: Entry[];
}

function faultsOf({ name, entries }: Draft): Faults<Draft> {
  return {
    name: first([name !== "", "required"], [isName(name), "name"]),
    entries: first(
      [entries.length > 0, "required"],
      [entries.every((entry) => entry.times.every(isTimes)), "window"],
    ),
  };
}

interface IntervalFormProps {
  existing: Objects["time-interval"] | undefined;
  close: (name?: string) => void;
}

export function IntervalForm({ existing, close }: IntervalFormProps) {
  const { t } = useTranslation();
  const [owner, shared] = [useOwner("time-interval"), useMayChangeShared("time-interval")];
  const [start] = useState<Draft>(() => ({
    name: existing?.name ?? "",
    title: existing?.spec.title ?? "",
    project: existing ? (existing.spec.project ?? "") : owner,
    entries: existing ? entriesOf(existing.spec) : [],
  }));
  const fields = useFields<Draft>(start, (draft) => ({
    ...faultsOf(draft),
    project: ownerFault(draft, shared),
  }));
  const { draft, set, field } = fields;
  const week = weekOf(draft.entries);
  const [view, setView] = useState<"week" | "entries">(week ? "week" : "entries");
  // Kept here too: without an hour there is no entry that would hold it.
  const [location, setLocation] = useState(
    start.entries[0]?.location ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  );
  const shown = week === undefined ? "entries" : view;
  const { error } = field("entries");
  return (
    <Editor
      kind="time-interval"
      existing={existing}
      fields={fields}
      document={{
        kind: "time-interval",
        name: draft.name,
        labels: existing?.labels ?? {},
        spec: {
          ...(draft.title.trim() === "" ? {} : { title: draft.title.trim() }),
          ...(draft.project === "" ? {} : { project: draft.project }),
          time_intervals: writtenOf(draft.entries),
        },
      }}
      close={close}
    >
      <OwnerField
        kind="time-interval"
        value={draft.project}
        change={(project) => set({ project })}
        field={field}
      />
      <SegmentedControl
        aria-label={t("routes.interval.view")}
        value={shown}
        onChange={(value) => setView(value as "week" | "entries")}
        disabled={week === undefined}
        data={(["week", "entries"] as const).map((value) => ({
          value,
          label: t(`routes.interval.${value}`),
        }))}
      />
      <div id={field("entries").id} tabIndex={-1}>
        <Text
          size="xs"
          mb="xs"
          c={error ? "var(--mantine-color-error)" : "dimmed"}
          role={error ? "alert" : undefined}
        >
          {error ?? t(week === undefined ? "routes.interval.no_week" : `routes.interval.${shown}_help`)}
        </Text>
        {shown === "week" && week ? (
          <>
            <WeekGrid
              label={t("routes.interval.week")}
              hours={week.hours}
              change={(hours) => set({ entries: entriesOfWeek(hours, location) })}
            />
            <Autocomplete
              mt="md"
              label={t("routes.interval.location")}
              description={t("routes.interval.location_help")}
              data={zones()}
              limit={50}
              value={location}
              onChange={(zone) => {
                setLocation(zone);
                set({ entries: draft.entries.map((entry) => ({ ...entry, location: zone })) });
              }}
            />
          </>
        ) : (
          <IntervalEntries entries={draft.entries} change={(entries) => set({ entries })} />
        )}
      </div>
    </Editor>
  );
}

export function zones(): string[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
}
