/** The drawer of one object: loads what is edited, or starts with nothing. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type ObjectKind, type Objects, object, titleOf } from "../../api/objects";
import { Loading } from "../Loading";
import { Panel } from "../Panel";
import { Stale } from "../Stale";

interface ObjectPanelProps<Kind extends ObjectKind> {
  kind: Kind;
  /** None = a new one. */
  name: string | undefined;
  /** Over the form of a new one. */
  title: string;
  close: () => void;
  size?: number;
  children: (existing: Objects[Kind] | undefined) => ReactNode;
}

export function ObjectPanel<Kind extends ObjectKind>(props: ObjectPanelProps<Kind>) {
  const { kind, name, title, close, size = 640, children } = props;
  if (name === undefined) {
    return (
      <Panel title={title} close={close} size={size}>
        {children(undefined)}
      </Panel>
    );
  }
  return (
    <Existing kind={kind} name={name} close={close} size={size}>
      {children}
    </Existing>
  );
}

interface ExistingProps<Kind extends ObjectKind> extends Omit<ObjectPanelProps<Kind>, "name" | "title"> {
  name: string;
}

function Existing<Kind extends ObjectKind>({ kind, name, close, size = 640, children }: ExistingProps<Kind>) {
  const { t } = useTranslation();
  const query = useQuery(object(kind, name));
  return (
    <Panel title={query.data ? titleOf(query.data) : name} close={close} size={size}>
      <Stale query={query} title={t("form.one_failed")} />
      {query.data === undefined ? query.error ? null : <Loading /> : children(query.data)}
    </Panel>
  );
}
