import { describe, expect, it } from "vitest";
import {
  emptySentence,
  promqlOf,
  type Sentence,
  sentenceOf,
  splitThreshold,
  withThreshold,
} from "./sentence";

const average: Sentence = {
  ...emptySentence,
  how: "avg",
  metric: "node_load1",
  filter: 'job="node"',
  per: ["instance", "project"],
  threshold: "5",
};

describe("a sentence", () => {
  it("is written as PromQL", () => {
    expect(promqlOf(average)).toBe('avg by (instance, project) (node_load1{job="node"}) > 5');
    expect(promqlOf({ ...average, how: "each", view: "rate", op: "<=", threshold: "0.5" })).toBe(
      'rate(node_load1{job="node"}[5m]) <= 0.5',
    );
    expect(promqlOf({ ...average, threshold: "x" })).toBe(
      'avg by (instance, project) (node_load1{job="node"})',
    );
    expect(promqlOf({ ...average, metric: "" })).toBe("");
  });

  it("is read back from what it wrote", () => {
    for (const change of [
      {},
      { how: "each", per: [] },
      { view: "rate", window: "10m" },
      { filter: "", per: [] },
      { filter: 'path=~"/a{1,2}[x](y)"' },
      { threshold: "-1.5e3", op: "<" },
    ] as Partial<Sentence>[]) {
      const sentence = { ...average, ...change };
      expect(sentenceOf(promqlOf(sentence))).toEqual(sentence);
    }
  });

  it("is not made of what says more", () => {
    expect(sentenceOf("up")).toBe("compare");
    expect(sentenceOf("a / b > 1")).toBe("several");
    expect(sentenceOf("predict_linear(a[1h], 3600) < 0")).toBe("several");
    expect(sentenceOf("a > 1 and b > 2")).toBe("compare");
    expect(sentenceOf("sum(a > 1)")).toBe("compare");
    expect(sentenceOf("sum without (x) (a) > 1")).toBe("several");
  });
});

describe("the threshold", () => {
  it("is the number that the whole is compared with", () => {
    expect(splitThreshold("a / on(x) b < 0.05")).toMatchObject({
      left: "a / on(x) b",
      op: "<",
      threshold: "0.05",
    });
    expect(splitThreshold('a{b="> 1"}')).toBeUndefined();
  });

  it("is replaced without touching the rest", () => {
    expect(withThreshold("a / b < 0.05", 0.123456)).toBe("a / b < 0.1235");
    expect(withThreshold("a and b > 3", 9)).toBe("a and b > 3");
    expect(withThreshold("up", 9)).toBe("up");
  });
});
