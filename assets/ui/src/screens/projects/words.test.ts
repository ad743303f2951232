import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import type { ProjectHealth } from "../../api/types";
import projects from "../../locales/en/projects.json";
import { deliveredShare, percent, sentence } from "./words";

const t = i18next.t;
beforeAll(async () => {
  await i18next.init({ lng: "en", resources: { en: { translation: { projects } } } });
});

function project(change: Partial<ProjectHealth>) {
  const alerts = { critical: 0, warning: 0, info: 0, other: 0, pending: 0, silenced: 0 };
  return { why: [], targets: { up: 12, down: 2, unknown: 0 }, alerts, critical_since: null, ...change };
}

describe("the sentence about a project", () => {
  it("names every reason, the worst first, with what it counts", () => {
    const critical_since = new Date(Date.now() - 60_000).toISOString();
    const words = sentence(
      t,
      "en",
      project({
        critical_since,
        why: [
          { what: "critical_firing", count: 1 },
          { what: "targets_down", count: 2 },
        ],
      }),
    );
    expect(words).toMatch(/^1 critical alert since \d\d:\d\d, 2 of 14 targets are down\.$/);
  });

  it("says that all is well only where nothing is wrong", () => {
    expect(sentence(t, "en", project({ targets: { up: 3, down: 0, unknown: 0 } }))).toContain("All is well");
    const informed = { critical: 0, warning: 0, info: 2, other: 0, pending: 0, silenced: 0 };
    expect(sentence(t, "en", project({ alerts: informed }))).toContain("2 alerts for information");
    const rules = project({ targets: { up: 0, down: 0, unknown: 0 } });
    expect(sentence(t, "en", rules)).toBe("All is well: the rules are evaluated.");
    const blind = project({ why: [{ what: "no_prometheus", count: 0 }] });
    expect(sentence(t, "en", blind)).not.toContain("well");
  });
});

describe("the share of notifications that were delivered", () => {
  it("is unknown where none ended and never rounds up to all", () => {
    expect(deliveredShare({ delivered: 0, failed: 0 })).toBeUndefined();
    expect(percent(deliveredShare({ delivered: 9999, failed: 1 }) ?? 0, "en")).toBe("99.9%");
    expect(percent(deliveredShare({ delivered: 2, failed: 1 }) ?? 0, "en")).toBe("66%");
    expect(percent(deliveredShare({ delivered: 5, failed: 0 }) ?? 0, "en")).toBe("100%");
    expect(percent(0, "en")).toBe("0%");
  });
});
