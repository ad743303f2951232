import { expect, test } from "vitest";
import { clientOf } from "./client";

test("browsers are told apart although all call themselves Mozilla and most Safari", () => {
  const on = (rest: string) => clientOf(`Mozilla/5.0 ${rest}`);
  expect(on("(X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36")).toEqual(
    {
      kind: "browser",
      browser: "Chrome",
      system: "Linux",
    },
  );
  expect(on("(Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0")).toMatchObject({
    browser: "Edge",
    system: "Windows",
  });
  expect(on("(Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36")).toMatchObject({
    system: "Android",
  });
  expect(on("(Macintosh; Intel Mac OS X 15_0) AppleWebKit/605 Version/18 Safari/605")).toMatchObject({
    browser: "Safari",
    system: "macOS",
  });
});

test("our own command line is known, and what is not known is not guessed", () => {
  expect(clientOf("watchkeep/0.1.0")).toEqual({ kind: "cli" });
  for (const other of ["curl/8", "", null, undefined]) expect(clientOf(other)).toBeUndefined();
});
