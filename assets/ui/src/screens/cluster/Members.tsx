/** Who belongs to the cluster and how far each is; letting machines in and taking them out. */
import { Alert, Button, Group } from "@mantine/core";
import { IconCrown, IconPlugConnected, IconPlus, IconUserMinus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { members } from "../../api/queries";
import type { Member, NodeState, Status } from "../../api/types";
import { useMayEverywhere } from "../../app/session";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { CopyButton } from "../../parts/Copy";
import { Stale } from "../../parts/Stale";
import { Table } from "../../parts/Table";
import { AddMachine } from "./AddMachine";
import style from "./Cluster.module.css";
import { JoinTokens } from "./JoinTokens";
import { apart, isSilent } from "./member";
import { NodeChip } from "./NodeChip";
import { RemoveMember } from "./RemoveMember";

/** What somebody is about to do with whom. */
type Asked = { add: true; instead?: Member } | { remove: Member };

export function Members({ status }: { status: Status }) {
  const { t } = useTranslation();
  const may = useMayEverywhere("admin");
  const query = useQuery({ ...members(), refetchInterval: 3_000 });
  const [asked, setAsked] = useState<Asked | null>(null);
  const items = query.data?.items ?? [];
  const different = apart(status.nodes);
  const close = () => setAsked(null);
  return (
    <Card
      title={t("cluster.members.title")}
      note={t("cluster.members.note")}
      action={
        may ? (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={15} aria-hidden />}
            onClick={() => setAsked({ add: true })}
          >
            {t("cluster.members.add")}
          </Button>
        ) : null
      }
      flush
    >
      <Stale query={query} title={t("cluster.members.failed")} />
      {different.length > 0 ? (
        <Alert color="red" variant="outline" role="alert" radius={0}>
          {t("cluster.members.apart", { nodes: different.join(", ") })}
        </Alert>
      ) : null}
      <Table
        label={t("cluster.members.title")}
        head={
          <tr>
            <th>{t("cluster.column.node")}</th>
            <th>{t("cluster.members.role.title")}</th>
            <th data-wide>{t("cluster.address")}</th>
            <th>{t("cluster.column.state")}</th>
            <th data-number>{t("cluster.members.revision")}</th>
            <th data-wide>{t("cluster.members.hash")}</th>
            {may ? <th>{t("cluster.members.actions")}</th> : null}
          </tr>
        }
      >
        {items.map((member) => (
          <Row key={member.id} member={member} status={status} ask={may ? setAsked : undefined} />
        ))}
      </Table>
      {query.data?.audit_head ? <AuditHead head={query.data.audit_head} /> : null}
      {may ? <JoinTokens /> : null}
      {asked && "add" in asked ? <AddMachine members={items} instead={asked.instead} close={close} /> : null}
      {asked && "remove" in asked ? (
        <RemoveMember member={asked.remove} members={items} status={status} close={close} />
      ) : null}
    </Card>
  );
}

/** Where the audit stands: written down elsewhere, it shows later whether an export was cut. */
function AuditHead({ head }: { head: string }) {
  const { t } = useTranslation();
  const [seq = "", hash = ""] = head.split(":");
  return (
    <div className={style.head}>
      {t("cluster.members.audit_head", { seq })} <code title={hash}>{hash.slice(0, 16)}</code>{" "}
      <CopyButton value={head} />
      <div className={style.under}>{t("cluster.members.audit_head_help")}</div>
    </div>
  );
}

interface RowProps {
  member: Member;
  status: Status;
  /** None: the account may only look. */
  ask: ((asked: Asked) => void) | undefined;
}

function Row({ member, status, ask }: RowProps) {
  const { t } = useTranslation();
  const node = status.nodes.find((each) => each.id === member.id);
  const { name } = member;
  return (
    <tr>
      <td>
        <b>{name}</b>
        <div className={style.under}>{member.id}</div>
      </td>
      <td data-nowrap>
        {member.role === "leader" ? <IconCrown size={15} className={style.crown} aria-hidden /> : null}
        {t(`cluster.members.role.${member.role}`)}
      </td>
      <td data-wide data-nowrap>
        {member.address}
      </td>
      <td>
        <Standing member={member} state={node?.state} />
      </td>
      <td data-number>
        {member.index ?? t("cluster.members.unknown")}
        {member.lag ? (
          <div className={style.under}>{t("cluster.members.behind", { count: member.lag })}</div>
        ) : null}
      </td>
      <td data-wide data-quiet>
        {node?.state_hash ? (
          <code title={node.state_hash}>
            {t("cluster.members.hash_at", { hash: node.state_hash.slice(0, 10), index: node.index })}
          </code>
        ) : (
          t("cluster.members.unknown")
        )}
      </td>
      {ask ? (
        <td>
          <Group gap={6} wrap="nowrap">
            {isSilent(member) && member.state === "settled" ? (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={t("cluster.members.replace_of", { name })}
                onClick={() => ask({ add: true, instead: member })}
              >
                {t("cluster.members.replace")}
              </Button>
            ) : null}
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconUserMinus size={15} aria-hidden />}
              aria-label={t("cluster.members.remove_of", { name })}
              disabled={member.state === "leaving"}
              onClick={() => ask({ remove: member })}
            >
              {t("cluster.members.remove")}
            </Button>
          </Group>
        </td>
      ) : null}
    </tr>
  );
}

function Standing({ member, state }: { member: Member; state: NodeState | undefined }) {
  const { t } = useTranslation();
  if (member.state !== "settled") {
    const text = t(`cluster.members.state.${member.state}`);
    const title = member.text ? { title: member.text } : {};
    return <Chip tone="pending" icon={IconPlugConnected} text={text} {...title} />;
  }
  return <NodeChip state={state ?? (isSilent(member) ? "silent" : "ready")} />;
}
