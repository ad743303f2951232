import { describe, expect, it } from "vitest";
import type { Alerts, ObservedTargets, Status } from "../../api/types";
import { summarise } from "./summary";

const targets = (state: Record<string, number>) => ({ facets: { state } }) as unknown as ObservedTargets;
const firing = (severity: Record<string, number>) => ({ facets: { severity } }) as unknown as Alerts;
function status(change: { quorum?: boolean; prometheus?: string; faults?: number } = {}): Status {
  return {
    cluster: { quorum: change.quorum ?? true },
    nodes: [],
    components: [
      { name: "prometheus", state: change.prometheus ?? "ready" },
      { name: "alertmanager", state: "ready" },
    ],
    faults: Array.from({ length: change.faults ?? 0 }),
    configs: [],
  } as unknown as Status;
}
const mood = (up: Record<string, number>, alerts: Record<string, number>, of = status()) =>
  summarise(targets(up), firing(alerts), of).mood;

describe("the sentence of the overview", () => {
  it("never says that all is well while nobody could know", () => {
    expect(mood({ up: 3 }, {}, status({ prometheus: "back_off" }))).toBe("blind");
    expect(mood({ up: 3 }, {}, status({ quorum: false }))).toBe("blind");
  });

  it("lets the worst speak", () => {
    expect(mood({ up: 3 }, { critical: 1, warning: 4 })).toBe("bad");
    expect(mood({ up: 3 }, { P1: 1 })).toBe("bad");
    expect(mood({ up: 3 }, { warning: 1 })).toBe("attention");
    expect(mood({ up: 3, down: 1 }, {})).toBe("attention");
    expect(mood({ up: 3, unknown: 1 }, {})).toBe("attention");
    expect(mood({ up: 3 }, {}, status({ faults: 1 }))).toBe("attention");
  });

  it("does not hide an alert that is only for information", () => {
    expect(mood({ up: 3 }, { info: 1 })).toBe("informed");
    expect(mood({ up: 3 }, { "my-own-word": 1 })).toBe("informed");
    expect(mood({ up: 3 }, {})).toBe("good");
  });

  it("leads to the first target where there is none", () => {
    expect(mood({}, {})).toBe("empty");
  });
});
