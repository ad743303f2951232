/** The drawer for a new silence, prefilled by the address: matchers, length, or another silence. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { create } from "../../api/changes";
import { object } from "../../api/objects";
import { useScope } from "../../app/useScope";
import { Loading } from "../../parts/Loading";
import { writeMatcher } from "../../parts/matchers";
import { Panel } from "../../parts/Panel";
import { SilenceForm } from "./SilenceForm";
import { freshName, lengthOf, textsOf } from "./silence";

const route = getRouteApi("/silences/new");

export function SilenceNew() {
  const { t } = useTranslation();
  const { m, d, from } = route.useSearch();
  const { project } = useScope();
  const navigate = useNavigate();
  const [name] = useState(() => freshName(Date.now(), Math.random()));
  const source = useQuery({ ...object("silence", from ?? ""), enabled: from !== undefined });
  const close = () => void navigate({ to: "/silences", search: true });
  const waits = from !== undefined && source.data === undefined && source.error === null;
  const scoped = project ? [writeMatcher({ name: "project", op: "=", value: project })] : [];
  return (
    <Panel title={t("silences.new")} close={close}>
      {waits ? (
        <Loading />
      ) : (
        <SilenceForm
          name={name}
          start={{
            matchers: m?.split("\n") ?? (source.data ? textsOf(source.data.spec.matchers) : scoped),
            comment: source.data?.spec.comment ?? "",
            length: lengthOf(d),
            starts: "",
            ends: "",
          }}
          title={t("silences.new_title")}
          said="silences.made"
          write={(document, why) => create("silences", document, why)}
          close={close}
        />
      )}
    </Panel>
  );
}
