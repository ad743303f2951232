import { describe, expect, it } from "vitest";
import { matchersOf, ofSilence, parseMatcher, tidyMatcher, toSilence, writeMatcher } from "./matchers";

describe("matchers", () => {
  it("are read with and without quotes", () => {
    expect(parseMatcher('severity="critical"')).toEqual({ name: "severity", op: "=", value: "critical" });
    expect(parseMatcher(" team !~ a|b ")).toEqual({ name: "team", op: "!~", value: "a|b" });
    expect(tidyMatcher("severity = critical")).toBe('severity="critical"');
  });

  it("keep quotes, backslashes and line ends of a value", () => {
    for (const value of ['say "no"', "C:\\temp", "two\nlines", "\\n", ""]) {
      const text = writeMatcher({ name: "a", op: "=", value });
      expect(parseMatcher(text)?.value, text).toBe(value);
    }
  });

  it("refuse what Alertmanager would refuse", () => {
    for (const bad of ["severity", "=x", '1a="b"', 'a="b', 'a="b"c"', 'a=b"']) {
      expect(parseMatcher(bad), bad).toBeUndefined();
    }
  });

  it("are the same in a silence", () => {
    for (const op of ["=", "!=", "=~", "!~"] as const) {
      const matcher = { name: "a", op, value: "x" };
      expect(ofSilence(toSilence(matcher))).toEqual(matcher);
    }
    expect(ofSilence({ name: "a", value: "x", isRegex: false, isEqual: true }).op).toBe("=");
  });

  it("of several alerts name what all of them have, values escaped", () => {
    const labels = (instance: string) => ({ alertname: "Down", project: "shop", instance, job: "x" });
    expect(matchersOf([{ labels: labels("a:1") }])).toEqual([
      'alertname="Down"',
      'project="shop"',
      'instance="a:1"',
    ]);
    expect(matchersOf([{ labels: labels("a.b:1") }, { labels: labels("c:1") }])).toEqual([
      'alertname="Down"',
      'project="shop"',
      'instance=~"a\\\\.b:1|c:1"',
    ]);
    expect(matchersOf([{ labels: labels("a:1") }, { labels: { alertname: "Down" } }])).toEqual([
      'alertname="Down"',
    ]);
  });
});
