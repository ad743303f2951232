// src/api/schema.d.ts from the committed OpenAPI document; with --check only compares.
import { readFile, writeFile } from "node:fs/promises";
import openapi, { astToString } from "openapi-typescript";

const source = new URL("../../../tests/golden/openapi.json", import.meta.url);
const target = new URL("../src/api/schema.d.ts", import.meta.url);

const head = "// Generated from tests/golden/openapi.json by `npm run types`. Do not edit.\n";
const wanted = head + astToString(await openapi(source));
if (process.argv.includes("--check")) {
  const present = await readFile(target, "utf8").catch(() => "");
  if (present !== wanted) {
    console.error("src/api/schema.d.ts is not what tests/golden/openapi.json gives: run `npm run types`");
    process.exit(1);
  }
} else {
  await writeFile(target, wanted);
}
