/** The drawer of one target: how its addresses are, what is declared, edit, delete. */

import { Button, Group, Text } from "@mantine/core";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Declared, replace } from "../../api/changes";
import { observedTargets, target } from "../../api/queries";
import type { ObservedTarget, Target } from "../../api/types";
import { useMayChange } from "../../app/session";
import { Ago } from "../../parts/Ago";
import { HealthChip } from "../../parts/Chip";
import { Facts } from "../../parts/Facts";
import { LabelChips } from "../../parts/Labels";
import { Loading } from "../../parts/Loading";
import { ButtonLink, TextLink } from "../../parts/links";
import { Panel } from "../../parts/Panel";
import panel from "../../parts/Panel.module.css";
import { Stale } from "../../parts/Stale";
import { useUndo } from "../../parts/useUndo";
import { DeleteTarget } from "./DeleteTarget";
import { draftOf } from "./draft";
import style from "./Targets.module.css";

const TargetForm = lazy(async () => ({ default: (await import("./TargetForm")).TargetForm }));

const route = getRouteApi("/targets/$name");

export function TargetOne() {
  const { t } = useTranslation();
  const { name } = route.useParams();
  const navigate = useNavigate();
  const [removing, setRemoving] = useState(false);
  const declared = useQuery({ ...target(name), enabled: !removing });
  const [editing, setEditing] = useState(false);
  const undo = useUndo();
  const close = () => void navigate({ to: "/targets", search: true });

  const save = (object: Target) => async (documents: Declared[]) => {
    const document = documents.at(-1);
    if (document === undefined) return { revision: undefined };
    const done = await replace("targets", { ...document, labels: object.labels }, object.revision);
    undo(t("targets.changed", { name }), done);
    setEditing(false);
    return done;
  };

  return (
    <Panel title={name} close={close}>
      <Stale query={declared} title={t("targets.one_failed")} />
      {declared.data === undefined ? (
        declared.error ? null : (
          <Loading />
        )
      ) : editing ? (
        <Suspense fallback={<Loading />}>
          <TargetForm
            start={draftOf(name, declared.data.spec)}
            fixedName
            save={save(declared.data)}
            cancel={() => setEditing(false)}
          />
        </Suspense>
      ) : (
        <Details object={declared.data} edit={() => setEditing(true)} removing={setRemoving} gone={close} />
      )}
    </Panel>
  );
}

interface DetailsProps {
  object: Target;
  edit: () => void;
  removing: (now: boolean) => void;
  gone: () => void;
}

function Details({ object, edit, removing, gone }: DetailsProps) {
  const { t } = useTranslation();
  const may = useMayChange("target");
  const writes = useMayChange("rule-group");
  const observed = useQuery(observedTargets({}, { q: object.name, limit: 200 }));
  const { labels } = object.spec;
  const addresses = (observed.data?.items ?? []).filter((item) => item.name === object.name);
  return (
    <>
      <Group gap="xs" mb="md">
        {may ? (
          <>
            <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={edit}>
              {t("action.edit")}
            </Button>
            <DeleteTarget
              object={object}
              removing={removing}
              gone={gone}
              icon={<IconTrash size={16} aria-hidden />}
            />
          </>
        ) : null}
        {writes ? (
          <ButtonLink
            to="/rules/new"
            search={{ project: object.spec.project }}
            variant="default"
            ml="auto"
            leftSection={<IconPlus size={16} aria-hidden />}
          >
            {t("targets.new_rule")}
          </ButtonLink>
        ) : null}
      </Group>
      <h3 className={panel.section}>{t("targets.health")}</h3>
      <Stale query={observed} title={t("health.failed")} />
      <div className={style.addresses}>
        {addresses.map((item) => (
          <Address key={item.address} item={item} />
        ))}
        {observed.data && addresses.length === 0 ? <Text c="dimmed">{t("targets.not_seen")}</Text> : null}
      </div>
      <h3 className={panel.section}>{t("targets.declared")}</h3>
      <Facts
        facts={[
          [t("targets.form.job"), object.spec.job],
          [t("dimension.project"), object.spec.project],
          [t("targets.form.addresses"), object.spec.targets.join(", ")],
          ...(labels === undefined
            ? []
            : ([[t("targets.form.labels"), <LabelChips key="labels" labels={labels} most={50} />]] as [
                string,
                ReactNode,
              ][])),
          [t("resource.updated"), <Ago key="updated" at={object.updated} focusable />],
          [t("resource.by"), object.by],
          [
            t("resource.history"),
            <TextLink
              key="history"
              size="sm"
              to="/system/history"
              search={{ kind: "target", name: object.name }}
            >
              {t("resource.show_history")}
            </TextLink>,
          ],
        ]}
      />
    </>
  );
}

function Address({ item }: { item: ObservedTarget }) {
  const { t } = useTranslation();
  return (
    <div className={style.one}>
      <div className={style.head}>
        <HealthChip state={item.state} />
        {item.address}
        <span className={style.quiet}>
          {t("targets.scraped")} <Ago at={item.last_scrape} focusable />
        </span>
      </div>
      {item.error ? <p className={style.error}>{item.error}</p> : null}
      <Group mt={8}>
        <LabelChips labels={item.labels} most={30} />
      </Group>
    </div>
  );
}
