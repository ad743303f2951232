import { describe, expect, it } from "vitest";
import { emptyEntry, entriesOf, entriesOfWeek, hourOf, isTimes, weekOf, writtenOf } from "./week";

const entry = (change: Partial<typeof emptyEntry>) => ({ ...emptyEntry, ...change });

describe("time intervals as a week", () => {
  it("office hours are one entry, there and back", () => {
    const office = [
      entry({ times: ["09:00-17:00"], weekdays: ["monday:friday"], location: "Asia/Shanghai" }),
    ];
    const week = weekOf(office);
    expect(week?.hours.size).toBe(40);
    expect(week?.hours.has(hourOf(1, 9)) && !week.hours.has(hourOf(1, 17))).toBe(true);
    expect(entriesOfWeek(week?.hours ?? new Set(), "Asia/Shanghai")).toEqual(office);
  });

  it("a night ends at midnight and goes on in the morning", () => {
    const night = weekOf([entry({ times: ["22:00-24:00", "00:00-06:00"] })]);
    const again = entriesOfWeek(night?.hours ?? new Set(), "");
    expect(again).toEqual([entry({ times: ["00:00-06:00", "22:00-24:00"] })]);
  });

  it("whole days need no times, and a week-end is two ranges", () => {
    const days = weekOf([entry({ weekdays: ["saturday", "sunday"] })]);
    expect(entriesOfWeek(days?.hours ?? new Set(), "")).toEqual([
      entry({ weekdays: ["sunday", "saturday"] }),
    ]);
  });

  it("always is not the same as never", () => {
    const always = entriesOfWeek(new Set(Array.from({ length: 168 }, (_, at) => at)), "");
    expect(writtenOf(always)).toEqual([{ weekdays: ["sunday:saturday"] }]);
    expect(entriesOfWeek(new Set(), "")).toEqual([]);
  });

  it("what a week of whole hours cannot say stays in the fields", () => {
    expect(weekOf([entry({ times: ["09:30-17:00"] })])).toBeUndefined();
    expect(weekOf([entry({ months: ["december"] })])).toBeUndefined();
    expect(weekOf([entry({ location: "UTC" }), entry({ location: "Asia/Tokyo" })])).toBeUndefined();
  });

  it("are written as Alertmanager reads them, and read again", () => {
    const entries = [entry({ times: ["09:00 - 17:30"], days_of_month: ["1:5", "-1"], location: "UTC" })];
    const written = writtenOf(entries);
    expect(written).toEqual([
      { times: [{ start_time: "09:00", end_time: "17:30" }], days_of_month: ["1:5", "-1"], location: "UTC" },
    ]);
    expect(entriesOf({ time_intervals: written } as never)[0]?.times).toEqual(["09:00-17:30"]);
    for (const bad of ["9:00-17:00", "17:00-09:00", "09:00-24:01", "09:00"])
      expect(isTimes(bad), bad).toBe(false);
  });
});
