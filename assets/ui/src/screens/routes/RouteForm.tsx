/** An expert route: one branch of Alertmanager's tree as it is written there. */
import { Checkbox, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Declared } from "../../api/changes";
import type { Objects } from "../../api/objects";
import { Fold } from "../../parts/Fold";
import { Editor } from "../../parts/form/Editor";
import { MatchersInput, ObjectSelect, ObjectsSelect } from "../../parts/form/inputs";
import { Row } from "../../parts/form/Row";
import { areMatchers, first, isBetween, isName } from "../../parts/form/rules";
import { type Faults, useFields } from "../../parts/form/useFields";
import {
  type Times,
  type Timing,
  TimingFields,
  timesOf,
  timesSpec,
  timingFaults,
  timingOf,
  timingSpec,
} from "./timing";
import { Who } from "./Who";

interface Draft extends Times, Timing {
  name: string;
  title: string;
  project: string;
  matchers: string[];
  receiver: string;
  order: string;
  continue: boolean;
}

function draftOf(existing: Objects["route"] | undefined): Draft {
  const spec = existing?.spec;
  return {
    name: existing?.name ?? "",
    title: spec?.title ?? "",
    project: spec?.project ?? "",
    matchers: spec?.matchers ?? [],
    receiver: spec?.receiver ?? "",
    order: String(spec?.order ?? 100),
    continue: spec?.continue ?? false,
    ...timesOf(spec),
    ...timingOf(spec),
  };
}

function faultsOf(draft: Draft): Faults<Draft> {
  return {
    name: first([draft.name !== "", "required"], [isName(draft.name), "name"]),
    matchers: first([areMatchers(draft.matchers), "matcher"]),
    receiver: first([draft.receiver !== "", "required"]),
    order: first([isBetween(draft.order, -1_000_000, 1_000_000), "order"]),
    ...timingFaults(draft),
  };
}

function documentOf(draft: Draft, existing: Objects["route"] | undefined): Declared {
  const spec = {
    ...(draft.title.trim() === "" ? {} : { title: draft.title.trim() }),
    ...(draft.project === "" ? {} : { project: draft.project }),
    ...(draft.matchers.length === 0 ? {} : { matchers: draft.matchers }),
    receiver: draft.receiver,
    ...(draft.order === "100" ? {} : { order: Number(draft.order) }),
    ...(draft.continue ? { continue: true } : {}),
    ...timingSpec(draft),
    ...timesSpec(draft),
  };
  return { kind: "route", name: draft.name, labels: existing?.labels ?? {}, spec };
}

interface RouteFormProps {
  existing: Objects["route"] | undefined;
  close: (name?: string) => void;
}

export function RouteForm({ existing, close }: RouteFormProps) {
  const { t } = useTranslation();
  const [start] = useState(() => draftOf(existing));
  const fields = useFields(start, faultsOf);
  const { draft, set, field, faults } = fields;
  const document = documentOf(draft, existing);
  const sound = Object.values(faults).every((fault) => fault === undefined);
  return (
    <Editor
      kind="route"
      existing={existing}
      fields={fields}
      document={document}
      close={close}
      preview={
        sound ? (
          <Fold title={t("routes.who.unsaved")}>
            <Who changes={[document]} start={{ project: draft.project }} />
          </Fold>
        ) : null
      }
    >
      <ObjectSelect
        kind="project"
        label={t("dimension.project")}
        value={draft.project}
        change={(project) => set({ project })}
        field={field("project", t("routes.route.project_help"))}
        optional
      />
      <MatchersInput
        label={t("routes.matchers")}
        value={draft.matchers}
        change={(matchers) => set({ matchers })}
        field={field("matchers")}
      />
      <ObjectSelect
        kind="receiver"
        label={t("routes.policy.line_receiver")}
        value={draft.receiver}
        change={(receiver) => set({ receiver })}
        field={field("receiver")}
      />
      <Row>
        <ObjectsSelect
          kind="time-interval"
          label={t("routes.active")}
          value={draft.active_time_intervals}
          change={(active_time_intervals) => set({ active_time_intervals })}
          field={field("active_time_intervals", t("routes.active_help"))}
          placeholder={t("routes.always")}
        />
        <ObjectsSelect
          kind="time-interval"
          label={t("routes.mute")}
          value={draft.mute_time_intervals}
          change={(mute_time_intervals) => set({ mute_time_intervals })}
          field={field("mute_time_intervals", t("routes.mute_help"))}
        />
      </Row>
      <TextInput
        {...field("order", t("routes.order_help"))}
        label={t("routes.order")}
        value={draft.order}
        inputMode="numeric"
        w={180}
        onChange={({ currentTarget: { value } }) => set({ order: value.trim() })}
      />
      <Checkbox
        label={t("routes.continue")}
        checked={draft.continue}
        onChange={(event) => set({ continue: event.currentTarget.checked })}
      />
      <TimingFields fields={fields} />
    </Editor>
  );
}
