import { expect, it } from "vitest";
import { offsetsOf } from "./longTable";

it("asks for exactly the pages in sight", () => {
  expect(offsetsOf(0, 30, 100)).toEqual([0]);
  expect(offsetsOf(95, 105, 100)).toEqual([0, 100]);
  expect(offsetsOf(9_990, 9_999, 100)).toEqual([9_900]);
  expect(offsetsOf(0, 0, 100)).toEqual([0]);
});
