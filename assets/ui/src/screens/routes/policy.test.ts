import { describe, expect, it } from "vitest";
import type { Objects } from "../../api/objects";
import { emptyLine, policyDocument, policyDraft, policyFaults } from "./policy";

const existing = {
  kind: "policy",
  name: "night",
  labels: { a: "b" },
  revision: "7",
  spec: {
    title: "Night",
    order: 10,
    projects: ["shop"],
    receiver: "day",
    lines: [
      { severities: ["critical"], receiver: "on-call", mute_time_intervals: ["holiday"], group_wait: "7s" },
    ],
    repeat_interval: "1h",
  },
} as unknown as Objects["policy"];

describe("a policy in its form", () => {
  it("comes out as it went in, what the form does not show included", () => {
    const { labels, spec } = policyDocument(policyDraft(existing, undefined), existing);
    expect(labels).toEqual({ a: "b" });
    expect(spec).toEqual(existing.spec);
  });

  it("says no more than what was filled in", () => {
    const draft = { ...policyDraft(undefined, "shop"), name: "shop", receiver: "team" };
    expect(policyDocument(draft, undefined).spec).toEqual({ projects: ["shop"], receiver: "team" });
  });

  it("has a receiver in every line, and matchers that can be read", () => {
    const draft = { ...policyDraft(undefined, undefined), name: "Bad Name" };
    expect(policyFaults(draft)).toMatchObject({ name: "name", receiver: "required" });
    const lines = [{ ...emptyLine(), receiver: "x", matchers: ["nonsense"] }];
    expect(policyFaults({ ...draft, lines }).lines).toBe("matcher");
    expect(policyFaults({ ...draft, lines: [emptyLine()] }).lines).toBe("required");
  });
});
