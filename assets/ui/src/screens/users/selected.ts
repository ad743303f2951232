/** Which projects a scope selects: for showing, the server decides. */
import type { Project } from "../../api/types";
import { parseMatcher } from "../../parts/matchers";

const dimensions = ["department", "owner", "system", "module", "environment"] as const;

/** Names of the projects that all matchers hold for; `undefined` when one cannot be read. */
export function selected(projects: readonly Project[], scope: readonly string[]): string[] | undefined {
  const tests = scope.map(testOf);
  if (tests.some((test) => test === undefined)) return undefined;
  return projects
    .filter((project) => tests.every((test) => test?.(labelsOf(project))))
    .map((project) => project.name);
}

type Labels = Record<string, string>;

function labelsOf({ name, spec }: Project): Labels {
  const fields = spec as Record<string, unknown>;
  const labels: Labels = { project: name };
  for (const dimension of dimensions) {
    const value = fields[dimension];
    if (typeof value === "string") labels[dimension] = value;
  }
  return labels;
}

/** `undefined` for what is no matcher over a dimension of projects. */
export function testOf(text: string): ((labels: Labels) => boolean) | undefined {
  const matcher = parseMatcher(text);
  if (matcher === undefined) return undefined;
  const { name, op, value } = matcher;
  if (name !== "project" && !dimensions.some((dimension) => dimension === name)) return undefined;
  const wanted = op.startsWith("=");
  if (!op.endsWith("~")) return (labels) => ((labels[name] ?? "") === value) === wanted;
  try {
    const pattern = new RegExp(`^(?:${value})$`, "s");
    return (labels) => pattern.test(labels[name] ?? "") === wanted;
  } catch {
    return undefined;
  }
}
