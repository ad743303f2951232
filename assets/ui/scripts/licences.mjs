// Vite plugin: writes licences.txt beside the bundle (name, version, licence and licence text of
// every package that is really in it) and stops the build at a licence that is not on the list.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const permissive = "MIT Apache-2.0 BSD-2-Clause BSD-3-Clause ISC 0BSD BlueOak-1.0.0";
const allowed = new Set(permissive.split(" "));
const inPackage = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//;

function describe(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (!allowed.has(license)) throw new Error(`${name} ${version}: licence ${license} is not on the list`);
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

export function licences() {
  return {
    name: "watchkeep-licences",
    apply: "build",
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((chunk) => chunk.moduleIds ?? []);
      const folders = new Set(modules.map((id) => inPackage.exec(id)?.[1]).filter(Boolean));
      const texts = [...folders].map(describe).sort();
      const source = texts.join(`\n${"-".repeat(72)}\n\n`);
      this.emitFile({ type: "asset", fileName: "licences.txt", source });
    },
  };
}
