import { describe, expect, it } from "vitest";
import { runs } from "./Spark";

describe("a line over time", () => {
  it("bridges one missing point and breaks where more are missing", () => {
    const points = [0, 300, 900, 1800, 2100].map((at) => ({ at, value: 1 }));
    expect(runs(points, 300).map((run) => run.map(({ at }) => at))).toEqual([
      [0, 300, 900],
      [1800, 2100],
    ]);
    expect(runs([], 300)).toEqual([]);
  });
});
