/** Whom a receiver reaches, and how: its channels, and the people behind them. */
import { useQuery } from "@tanstack/react-query";
import { type Objects, objects, titleOf } from "../api/objects";
import { useMayChange } from "../app/session";

export interface Reach {
  /** As people call it. */
  title: string;
  /** Channels in order, with whom each one tells. */
  channels: { name: string; title: string; type: string; to: string[] }[];
  known: boolean;
}

/** By the receiver's name. Empty until everything is read. */
export function useReach(): (receiver: string) => Reach {
  const receivers = useQuery(objects("receiver")).data?.items;
  // Their addresses may hold secrets: not everybody sees them.
  const channels = useQuery({ ...objects("channel"), enabled: useMayChange("channel") }).data?.items;
  const contacts = useQuery(objects("contact")).data?.items;
  return (name) => reachOf(name, receivers ?? [], channels ?? [], contacts ?? []);
}

export function reachOf(
  name: string,
  receivers: readonly Objects["receiver"][],
  channels: readonly Objects["channel"][],
  contacts: readonly Objects["contact"][],
): Reach {
  const receiver = receivers.find((each) => each.name === name);
  if (receiver === undefined) return { title: name, channels: [], known: false };
  const reached = receiver.spec.channels.map((channel) => {
    const found = channels.find((each) => each.name === channel);
    if (found === undefined) return { name: channel, title: channel, type: "", to: [] };
    return {
      name: channel,
      title: titleOf(found),
      type: found.spec.type,
      to: recipients(found.spec, contacts),
    };
  });
  return { title: titleOf(receiver), channels: reached, known: true };
}

/** People by title, addresses as they are; of a webhook only the host, since its path may be secret. */
export function recipients(
  spec: Objects["channel"]["spec"],
  contacts: readonly Objects["contact"][],
): string[] {
  if (spec.type === "webhook") return URL.canParse(spec.url) ? [new URL(spec.url).host] : [];
  const people = (spec.contacts ?? []).map((name) => {
    const contact = contacts.find((each) => each.name === name);
    return contact ? titleOf(contact) : name;
  });
  return [...people, ...(spec.to ?? [])];
}
