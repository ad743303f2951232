/** What the list of members means: who has come apart, what a removal costs, how one joins. */
import type { ClusterNode, Member, Status } from "../../api/types";

/** A node not heard of for so long cannot be counted on; as the server sees it. */
const SILENT_MS = 10_000;

export function isSilent(member: Member): boolean {
  return member.last_contact_ms == null || member.last_contact_ms >= SILENT_MS;
}

/** Names of nodes that applied the same log to another end. */
export function apart(nodes: readonly ClusterNode[]): string[] {
  const told = nodes.filter((node) => node.index != null && node.state_hash);
  return told
    .filter((node) =>
      told.some((other) => other.index === node.index && other.state_hash !== node.state_hash),
    )
    .map((node) => node.name);
}

export interface Loss {
  /** Voters that stay. */
  stay: number;
  /** Nodes that may be lost after it before nothing can be changed. */
  spare: number;
  /** Programs that stop on it. */
  programs: string[];
  /** What it recorded is on its disk alone from then on. */
  records: boolean;
}

/** What is gone with a member. */
export function lossOf(member: Member, members: readonly Member[], status: Status | undefined): Loss {
  const staying = members.filter((each) => each.id !== member.id && each.voter);
  const needed = Math.floor(staying.length / 2) + 1;
  const up = staying.filter((each) => !isSilent(each)).length;
  const programs = (status?.components ?? [])
    .filter((component) => component.node === member.id)
    .map((component) => component.name)
    .sort();
  return {
    stay: staying.length,
    spare: Math.max(0, up - needed),
    programs,
    records: programs.includes("prometheus"),
  };
}

/** A name or an address, with a port or without; nothing that a shell would take for its own. */
export function isAddress(text: string): boolean {
  return /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/.test(text);
}

/** What to run on the new machine: the token into a file of its owner, then the node. */
export function joinCommand(members: readonly Member[], address: string, token: string): string {
  const there = members.filter((each) => each.state === "settled" && !isSilent(each));
  const cluster = [...new Set([...there.map((each) => each.address), address])];
  return [
    "(umask 077; cat > node.token) <<'END'",
    token,
    "END",
    `watchkeep up --cluster ${cluster.join(",")} --token-file node.token`,
  ].join("\n");
}
