/** Channels as their forms hold them, and as the API takes them. */
import type { Declared } from "../../api/changes";
import type { Objects, Spec } from "../../api/objects";
import { first, isBetween, isMail, isName, isSender, isUrl } from "../../parts/form/rules";
import type { Faults } from "../../parts/form/useFields";

type Mail = Extract<Spec<"channel">, { type: "mail" }>;
type Webhook = Extract<Spec<"channel">, { type: "webhook" }>;

export type ChannelType = Spec<"channel">["type"];

/** How every channel sends. */
export interface Sending {
  send_resolved: boolean;
  timeout_seconds: string;
}

interface Common extends Sending {
  name: string;
  title: string;
  /** None = it is shared. */
  project: string;
}

export interface MailDraft extends Common {
  host: string;
  port: string;
  tls: Mail["tls"];
  username: string;
  password_secret: string;
  from: string;
  to: string[];
  contacts: string[];
  /** PEM; empty = only the usual authorities. */
  ca: string;
  language: NonNullable<Mail["language"]>;
}

export interface WebhookDraft extends Common {
  url: string;
  /** `Name: value`. */
  headers: string[];
}

const commonOf = (existing: Objects["channel"] | undefined, owner: string): Common => ({
  name: existing?.name ?? "",
  title: existing?.spec.title ?? "",
  project: existing ? (existing.spec.project ?? "") : owner,
  send_resolved: existing?.spec.send_resolved ?? true,
  timeout_seconds: String(existing?.spec.timeout_seconds ?? 30),
});

export function mailDraft(existing: Objects["channel"] | undefined, owner = ""): MailDraft {
  const spec = existing?.spec.type === "mail" ? existing.spec : undefined;
  return {
    ...commonOf(existing, owner),
    host: spec?.host ?? "",
    port: String(spec?.port ?? 587),
    tls: spec?.tls ?? "starttls",
    username: spec?.username ?? "",
    password_secret: spec?.password_secret ?? "",
    from: spec?.from ?? "",
    to: spec?.to ?? [],
    contacts: spec?.contacts ?? [],
    ca: spec?.ca ?? "",
    language: spec?.language ?? "en",
  };
}

export function webhookDraft(existing: Objects["channel"] | undefined, owner = ""): WebhookDraft {
  const spec: Webhook | undefined = existing?.spec.type === "webhook" ? existing.spec : undefined;
  return {
    ...commonOf(existing, owner),
    url: spec?.url ?? "",
    headers: Object.entries(spec?.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
  };
}

const commonFaults = (draft: Common): Faults<Common> => ({
  name: first([draft.name !== "", "required"], [isName(draft.name), "name"]),
  timeout_seconds: first([isBetween(draft.timeout_seconds, 1, 120), "seconds"]),
});

export const mailFaults = (draft: MailDraft): Faults<MailDraft> => ({
  ...commonFaults(draft),
  host: first([draft.host !== "", "required"]),
  port: first([isBetween(draft.port, 1, 65_535), "port"]),
  from: first([draft.from !== "", "required"], [isSender(draft.from), "mail"]),
  to: first([draft.to.every(isMail), "mails"], [draft.to.length + draft.contacts.length > 0, "recipients"]),
  password_secret: first([draft.username === "" || draft.password_secret !== "", "required"]),
});

export const webhookFaults = (draft: WebhookDraft): Faults<WebhookDraft> => ({
  ...commonFaults(draft),
  url: first([draft.url !== "", "required"], [isUrl(draft.url), "url"]),
});

const commonSpec = (draft: Common) => ({
  ...(draft.title.trim() === "" ? {} : { title: draft.title.trim() }),
  ...(draft.project === "" ? {} : { project: draft.project }),
  send_resolved: draft.send_resolved,
  timeout_seconds: Number(draft.timeout_seconds),
});

export function mailDocument(draft: MailDraft, existing: Objects["channel"] | undefined): Declared {
  const account =
    draft.username === "" ? {} : { username: draft.username, password_secret: draft.password_secret };
  const spec = {
    type: "mail",
    ...commonSpec(draft),
    host: draft.host,
    port: Number(draft.port),
    tls: draft.tls,
    ...account,
    from: draft.from.trim(),
    ...(draft.to.length === 0 ? {} : { to: draft.to }),
    ...(draft.contacts.length === 0 ? {} : { contacts: draft.contacts }),
    ...(draft.ca.trim() === "" || draft.tls === "none" ? {} : { ca: `${draft.ca.trim()}\n` }),
    ...(draft.language === "en" ? {} : { language: draft.language }),
  };
  return { kind: "channel", name: draft.name, labels: existing?.labels ?? {}, spec };
}

export function webhookDocument(draft: WebhookDraft, existing: Objects["channel"] | undefined): Declared {
  const headers = Object.fromEntries(
    draft.headers.map((line) => {
      const at = line.indexOf(":");
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
  const spec = {
    type: "webhook",
    ...commonSpec(draft),
    url: draft.url,
    ...(draft.headers.length === 0 ? {} : { headers }),
  };
  return { kind: "channel", name: draft.name, labels: existing?.labels ?? {}, spec };
}
