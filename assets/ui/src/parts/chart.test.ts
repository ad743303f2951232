import { describe, expect, it } from "vitest";
import { columnsOf, extent, lineColours, namesOf } from "./chart";
import { duration, humanNumber } from "./number";

describe("a chart", () => {
  it("puts series with different times into one set of columns, with gaps", () => {
    const lines = [
      {
        name: "a",
        values: [
          [1, 10],
          [2, null],
          [3, 30],
        ] as const,
      },
      { name: "b", values: [[2, 5]] as const },
    ];
    expect(columnsOf(lines)).toEqual([
      [1, 2, 3],
      [10, null, 30],
      [null, 5, null],
    ]);
    expect(extent(lines[0] as never)).toEqual({ min: 10, max: 30, last: 30 });
    expect(extent({ name: "c", values: [[1, null]] })).toBeUndefined();
  });

  it("names series by the labels that tell them apart", () => {
    const same = { __name__: "up", job: "node" };
    expect(
      namesOf([
        { ...same, instance: "a" },
        { ...same, instance: "b" },
      ]),
    ).toEqual(["instance=a", "instance=b"]);
    const hosts = [
      { ...same, instance: "a", rack: "1", host: "x" },
      { ...same, instance: "b", rack: "1", host: "y" },
    ];
    expect(namesOf(hosts)).toEqual(["instance=a", "instance=b"]);
    expect(namesOf([...hosts, { ...same, instance: "b", rack: "2", host: "y" }])[2]).toBe(
      "instance=b rack=2 host=y",
    );
    expect(namesOf([{ ...same, instance: "a" }])).toEqual(["job=node instance=a"]);
    expect(namesOf([{ __name__: "up" }])).toEqual(["up"]);
  });

  it("gives a series the same colour every time, and two series two colours", () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    expect(lineColours(names, "light")).toEqual(lineColours(names, "light"));
    expect(new Set(lineColours(names, "dark")).size).toBe(6);
    expect(lineColours([...names, ...names, ...names], "light").every(Boolean)).toBe(true);
  });
});

describe("numbers", () => {
  it("are short", () => {
    expect(humanNumber(0.123456)).toBe("0.1235");
    expect(humanNumber(9_999)).toBe("9999");
    expect(humanNumber(15_000)).toBe("15k");
    expect(humanNumber(1_500_000)).toBe("1.5M");
    expect(humanNumber(null)).toBe("–");
  });

  it("of seconds are told in two units", () => {
    expect(duration(5_400)).toBe("1h 30m");
    expect(duration(59)).toBe("59s");
    expect(duration(90_061)).toBe("1d 1h");
    expect(duration(0)).toBe("0s");
  });
});
