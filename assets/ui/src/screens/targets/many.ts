/**
 * Many targets from a text: pasted lines, a spreadsheet's columns, a CSV file. One line is one
 * target; a line may stand for many addresses (`db[01-20].lan:9100`, `10.0.0.0/28`).
 */
import Papa from "papaparse";
import type { Declared } from "../../api/changes";
import type { Labels } from "../../api/types";
import { isAddress, nameFor } from "./draft";

/** What holds for every line that does not say otherwise. */
export interface Usual {
  job: string;
  project: string;
  /** For addresses without one. */
  port: string;
}

/** The key below `targets.many.fault` that says what is wrong with a line. */
export type RowFault = "address" | "range" | "large" | "twice" | "job" | "project" | "label";

export interface Row {
  /** In the text, from 1. */
  line: number;
  /** The line as it was written. */
  raw: string;
  name: string;
  addresses: string[];
  job: string;
  project: string;
  labels: Labels;
  fault: RowFault | undefined;
}

/** A line stands for at most so many addresses. */
const MOST = 1024;
const NAME = /^[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Heads of columns as people call them. */
const heads: Record<string, readonly string[]> = {
  address: ["address", "target", "targets", "host", "hostname", "ip", "instance", "server", "地址", "主机"],
  port: ["port", "端口"],
  job: ["job", "scrape_job", "任务"],
  project: ["project", "项目"],
  name: ["name", "名称"],
};

/** The rows of a text, in its order; blank lines and comments are no rows. */
export function rowsOf(text: string, usual: Usual): Row[] {
  const lines = text
    .split(/\r?\n/)
    .map((raw, at) => ({ raw, line: at + 1 }))
    .filter(({ raw }) => raw.trim() !== "" && !raw.trim().startsWith("#"));
  const columns = headOf(lines[0]?.raw ?? "");
  const body = columns ? lines.slice(1) : lines;
  const rows = body.map(({ raw, line }) => rowOf(raw, line, columns, usual));
  return markTwice(distinctNames(rows));
}

/** Cells of one line: commas, semicolons or tabs, quotes as in CSV; brackets hold no cells. */
function cells(line: string): string[] {
  const [found = []] = Papa.parse<string[]>(line, { delimiter: delimiterOf(line) }).data;
  return found.map((cell) => cell.trim());
}

function delimiterOf(line: string): string {
  return ["\t", ";", ","].find((sign) => line.includes(sign)) ?? ",";
}

/** Names of the columns, if the line is a head: its first cell is one we know, or names an address. */
function headOf(line: string): string[] | undefined {
  const names = cells(line).map((cell) => cell.toLowerCase());
  const known = names.map(
    (name) => Object.keys(heads).find((column) => heads[column]?.includes(name)) ?? name,
  );
  return known.includes("address") && !names.some((name) => name.includes(":")) ? known : undefined;
}

function rowOf(raw: string, line: number, columns: string[] | undefined, usual: Usual): Row {
  const { address, port, job, project, name, ...rest } = columns ? named(raw, columns) : plain(raw);
  const found = addressesOf(address ?? "", port || usual.port);
  const labels = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== ""));
  const row: Row = {
    line,
    raw,
    name: name || nameFor(withPort(address ?? "", port || usual.port)),
    addresses: typeof found === "string" ? [] : found,
    job: job || usual.job,
    project: project || usual.project,
    labels,
    fault: typeof found === "string" ? found : undefined,
  };
  return { ...row, fault: row.fault ?? faultOf(row) };
}

function named(raw: string, columns: string[]): Record<string, string> {
  const values = cells(raw);
  return Object.fromEntries(columns.map((column, at) => [column, values[at] ?? ""]));
}

/** Without a head: the address, then `name=value` pairs in any order, parted by commas or blanks. */
function plain(raw: string): Record<string, string> {
  const [address = "", ...rest] = raw
    .trim()
    .split(/[\s,;]+/)
    .filter((part) => part !== "");
  const pairs = rest.map((part) => {
    const at = part.indexOf("=");
    return at < 0 ? ["", part] : [part.slice(0, at), part.slice(at + 1)];
  });
  return { ...Object.fromEntries(pairs), address };
}

function faultOf(row: Row): RowFault | undefined {
  if (row.addresses.length === 0 || !row.addresses.every(isAddress)) return "address";
  if (!Object.keys(row.labels).every((label) => LABEL.test(label))) return "label";
  if (!NAME.test(row.job)) return "job";
  return NAME.test(row.project) ? undefined : "project";
}

/** The addresses a text stands for, or why it stands for none. */
export function addressesOf(text: string, port: string): string[] | RowFault {
  const network = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})(?::(\d+))?$/.exec(text);
  if (network) return networkOf(network[1] ?? "", Number(network[2]), network[3] ?? port);
  let found = [text];
  while (found.length <= MOST) {
    const range = /^([^[\]]*)\[(\d+)-(\d+)\](.*)$/.exec(found[0] ?? "");
    if (range === null) break;
    const [, , low = "", high = ""] = range;
    if (Number(high) < Number(low)) return "range";
    if ((Number(high) - Number(low) + 1) * found.length > MOST) return "large";
    found = found.flatMap((each) => spread(each, low, Number(high)));
  }
  // What is left in brackets can only be an IPv6 address.
  if (/\[\d*-|-\d*\]/.test(found[0] ?? "")) return "range";
  return found.map((each) => withPort(each, port));
}

/** `db[01-20].lan` one by one, with the zeros of the first number. */
function spread(text: string, low: string, high: number): string[] {
  const at = text.indexOf("[");
  const [head, tail] = [text.slice(0, at), text.slice(text.indexOf("]") + 1)];
  const count = high - Number(low) + 1;
  return Array.from(
    { length: count },
    (_, step) => head + String(Number(low) + step).padStart(low.length, "0") + tail,
  );
}

/** Hosts of an IPv4 network, without its own and its broadcast address. */
function networkOf(base: string, bits: number, port: string): string[] | RowFault {
  const parts = base.split(".").map(Number);
  if (bits > 32 || parts.some((part) => part > 255)) return "address";
  const size = 2 ** (32 - bits);
  if (size > MOST) return "large";
  const number = parts.reduce((sum, part) => sum * 256 + part, 0);
  const first = number - (number % size);
  const [from, to] = size > 2 ? [first + 1, first + size - 2] : [first, first + size - 1];
  return Array.from({ length: to - from + 1 }, (_, step) => withPort(dotted(from + step), port));
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

function withPort(address: string, port: string): string {
  const has = /:\d+$/.test(address) && (!/:.*:/.test(address) || address.includes("]:"));
  return has || port === "" || address === "" ? address : `${address}:${port}`;
}

/** Two lines that would get the same name both keep theirs, told apart by a number. */
function distinctNames(rows: Row[]): Row[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const count = (seen.get(row.name) ?? 0) + 1;
    seen.set(row.name, count);
    return count === 1 ? row : { ...row, name: `${row.name}-${count}` };
  });
}

/** An address may stand in one line only, for each job. */
function markTwice(rows: Row[]): Row[] {
  const seen = new Set<string>();
  return rows.map((row) => {
    const keys = row.addresses.map((address) => `${row.job} ${address}`);
    const twice = new Set(keys).size < keys.length || keys.some((key) => seen.has(key));
    for (const key of keys) seen.add(key);
    return twice && row.fault === undefined ? { ...row, fault: "twice" } : row;
  });
}

/** The good rows as objects, preceded by projects and scrape jobs that are new. */
export function documentsOfRows(
  rows: readonly Row[],
  known: { jobs: readonly string[]; projects: readonly string[] },
): Declared[] {
  const good = rows.filter((row) => row.fault === undefined);
  const fresh = (values: string[], have: readonly string[]) =>
    [...new Set(values)].filter((value) => !have.includes(value));
  const projects = fresh(
    good.map((row) => row.project),
    known.projects,
  );
  const jobs = fresh(
    good.map((row) => row.job),
    known.jobs,
  );
  return [
    ...projects.map((name) => ({ kind: "project", name, spec: {} })),
    ...jobs.map((name) => ({ kind: "scrape-job", name, spec: {} })),
    ...good.map(({ name, job, project, addresses, labels }) => ({
      kind: "target",
      name,
      spec: { job, project, targets: addresses, ...(Object.keys(labels).length > 0 ? { labels } : {}) },
    })),
  ];
}
