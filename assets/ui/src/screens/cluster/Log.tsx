/** The end of a component's log, asked for again every few seconds. */
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { log, status } from "../../api/queries";
import { Loading } from "../../parts/Loading";
import { Panel } from "../../parts/Panel";
import { Stale } from "../../parts/Stale";
import style from "./Cluster.module.css";

const route = getRouteApi("/system/cluster/$node/$component");

export function Log() {
  const { t } = useTranslation();
  const { node, component } = route.useParams();
  const navigate = useNavigate();
  const query = useQuery(log(node, component));
  const name = useQuery(status()).data?.nodes.find((each) => each.id === node)?.name ?? node;
  const box = useRef<HTMLPreElement>(null);
  const pinned = useRef(true);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new text moves the end
  useLayoutEffect(() => {
    if (box.current && pinned.current) box.current.scrollTop = box.current.scrollHeight;
  }, [query.data]);

  return (
    <Panel
      title={t("cluster.log_of", { component, node: name })}
      size={920}
      close={() => void navigate({ to: "/system/cluster", search: true })}
    >
      <Stale query={query} title={t("cluster.log_failed")} />
      {query.data === undefined ? (
        query.error ? null : (
          <Loading />
        )
      ) : query.data === "" ? (
        <Text c="dimmed">{t("cluster.log_empty")}</Text>
      ) : (
        <pre
          ref={box}
          className={style.log}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          tabIndex={0}
          onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
            pinned.current = scrollHeight - scrollTop - clientHeight < 40;
          }}
        >
          {query.data}
        </pre>
      )}
    </Panel>
  );
}
