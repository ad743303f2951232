/** The routing tree as nested sentences: what must hold, and at each leaf who is told. */
import { Button } from "@mantine/core";
import { IconCalendarTime, IconCornerDownRight, IconUserOff, IconUsers } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TreeNode } from "../../api/told";
import { ReachLine } from "../../parts/ReachLine";
import style from "./Routes.module.css";
import { conditionWords, partWords } from "./words";

/** So many branches are shown before they are asked for. */
const MOST = 40;

export function Tree({ root }: { root: TreeNode }) {
  const { t } = useTranslation();
  return (
    <>
      {root.children.length > 0 ? <Branches nodes={root.children} parent={root} /> : null}
      <div className={style.rest}>
        <p className={style.condition}>{t("routes.rest")}</p>
        <Leaf node={root} parent={undefined} />
      </div>
    </>
  );
}

function Branches({ nodes, parent }: { nodes: TreeNode[]; parent: TreeNode }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const shown = all ? nodes : nodes.slice(0, MOST);
  return (
    <>
      <ol className={style.tree}>
        {shown.map((node, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: branches have an order and no other identity
          <Branch key={at} node={node} parent={parent} />
        ))}
      </ol>
      {shown.length < nodes.length ? (
        <Button size="xs" variant="subtle" onClick={() => setAll(true)}>
          {t("routes.show_all", { count: nodes.length })}
        </Button>
      ) : null}
    </>
  );
}

function Branch({ node, parent }: { node: TreeNode; parent: TreeNode }) {
  const { t, i18n } = useTranslation();
  return (
    <li className={style.branch}>
      <div className={style.name}>
        <Name node={node} />
        {node.continue ? (
          <span className={style.goes}>
            <IconCornerDownRight size={14} aria-hidden />
            {t("routes.continues")}
          </span>
        ) : null}
      </div>
      <p className={style.condition}>
        {t("routes.when", { condition: conditionWords(t, i18n.language, node.part.matchers) })}
      </p>
      {node.children.length > 0 ? (
        <>
          <Branches nodes={node.children} parent={node} />
          <p className={style.condition}>{t("routes.rest_here")}</p>
        </>
      ) : null}
      <Leaf node={node} parent={parent} />
    </li>
  );
}

/** The object that a branch comes from, where it can be edited. */
function Name({ node }: { node: TreeNode }) {
  const { t } = useTranslation();
  const words = partWords(t, node.part);
  const { from } = node;
  if (!from || node.part.what === "line") return <span>{words}</span>;
  return from.kind === "team" ? (
    <Link to="/people/$kind/$name" params={from} className={style.link}>
      {words}
    </Link>
  ) : (
    <Link to="/routes/$kind/$name" params={from} search={true} className={style.link}>
      {words}
    </Link>
  );
}

function Leaf({ node, parent }: { node: TreeNode; parent: TreeNode | undefined }) {
  const { t } = useTranslation();
  const times = [
    ...node.active_time_intervals.map((name) => t("routes.only_within", { name })),
    ...node.mute_time_intervals.map((name) => t("routes.not_within", { name })),
  ];
  const own =
    parent === undefined ||
    node.group_wait !== parent.group_wait ||
    node.group_interval !== parent.group_interval ||
    node.repeat_interval !== parent.repeat_interval;
  return (
    <div className={style.leaf} data-nobody={!node.receiver || undefined}>
      {node.receiver ? (
        <span className={style.told}>
          <IconUsers size={16} aria-hidden />
          <ReachLine receiver={node.receiver} />
        </span>
      ) : (
        <span className={style.nobody}>
          <IconUserOff size={16} aria-hidden />
          {t("routes.nobody")}
        </span>
      )}
      {times.map((text) => (
        <span key={text} className={style.time}>
          <IconCalendarTime size={14} aria-hidden />
          {text}
        </span>
      ))}
      {own ? (
        <span className={style.timing}>
          {t("routes.timing", { wait: node.group_wait, repeat: node.repeat_interval })}
        </span>
      ) : null}
    </div>
  );
}
