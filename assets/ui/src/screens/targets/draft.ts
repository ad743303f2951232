/** A target as the form holds it, and what it means as declared objects. */
import type { Declared } from "../../api/changes";
import type { Labels, TargetSpec } from "../../api/types";

export interface Draft {
  name: string;
  job: string;
  project: string;
  /** `host:port` each. */
  addresses: string[];
  /** `name=value` each. */
  labels: string[];
}

export const emptyDraft: Draft = { name: "", job: "", project: "", addresses: [], labels: [] };

export type Field = keyof Draft;
/** The key below `targets.invalid` that says what is wrong. */
export type Fault = "name" | "required" | "addresses" | "address" | "label" | "labels_twice";

const NAME = /^[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*=/;

/** `host:port`, with IPv6 in brackets. The server judges more closely. */
export function isAddress(text: string): boolean {
  const found = /^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):(\d{1,5})$/.exec(text);
  const port = Number(found?.[2]);
  return found !== null && port > 0 && port < 65_536;
}

/** What is wrong with each field; empty = nothing that can be seen from here. */
export function faultsOf(draft: Draft): Partial<Record<Field, Fault>> {
  const faults: Partial<Record<Field, Fault>> = {};
  if (draft.addresses.length === 0) faults.addresses = "addresses";
  else if (!draft.addresses.every(isAddress)) faults.addresses = "address";
  for (const field of ["name", "job", "project"] as const) {
    if (draft[field] === "") faults[field] = "required";
    else if (!NAME.test(draft[field])) faults[field] = "name";
  }
  const names = draft.labels.map((label) => label.slice(0, label.indexOf("=")));
  if (!draft.labels.every((label) => LABEL.test(label))) faults.labels = "label";
  else if (new Set(names).size < names.length) faults.labels = "labels_twice";
  return faults;
}

/** A name for what is scraped at this address: `db-1-lan-9100`. */
export function nameFor(address: string): string {
  return address
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 120);
}

export function specOf(draft: Draft): TargetSpec {
  const labels: Labels = Object.fromEntries(
    draft.labels.map((label) => [label.slice(0, label.indexOf("=")), label.slice(label.indexOf("=") + 1)]),
  );
  return {
    job: draft.job,
    project: draft.project,
    targets: draft.addresses,
    ...(draft.labels.length > 0 ? { labels } : {}),
  };
}

export function draftOf(name: string, spec: TargetSpec): Draft {
  const labels = Object.entries(spec.labels ?? {}).map(([label, value]) => `${label}=${value}`);
  return { name, job: spec.job, project: spec.project, addresses: spec.targets, labels };
}

/** The target, preceded by the project and the scrape job where these are new. */
export function documentsOf(draft: Draft, known: { jobs: string[]; projects: string[] }): Declared[] {
  const documents: Declared[] = [];
  if (!known.projects.includes(draft.project))
    documents.push({ kind: "project", name: draft.project, spec: {} });
  if (!known.jobs.includes(draft.job)) documents.push({ kind: "scrape-job", name: draft.job, spec: {} });
  documents.push({ kind: "target", name: draft.name, spec: specOf(draft) });
  return documents;
}
