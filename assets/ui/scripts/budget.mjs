// Fails when the portal grew over its budget. Bytes over the wire with gzip, from the files
// themselves and Vite's manifest (who imports what).
import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

const KIB = 1024;
const budget = { first: 260 * KIB, screen: 40 * KIB, dist: 2.5 * KIB * KIB };
/** Libraries that are a chunk of their own, loaded where they are used. */
const large = { PromqlEditor: 150 * KIB, Chart: 30 * KIB };

const dist = new URL("../../dist/", import.meta.url).pathname;
const manifest = JSON.parse(await readFile(join(dist, "manifest.json"), "utf8"));

async function bytes(file) {
  const packed = join(dist, `${file}.gz`);
  return (await stat(existsSync(packed) ? packed : join(dist, file))).size;
}

/** The files that a chunk needs at once: itself, its static imports, its style sheets. */
function closure(key, seen = new Set()) {
  const chunk = manifest[key];
  if (seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const style of chunk.css ?? []) seen.add(style);
  for (const next of chunk.imports ?? []) closure(next, seen);
  return seen;
}

async function total(files) {
  let sum = 0;
  for (const file of files) sum += await bytes(file);
  return sum;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const home = Object.keys(manifest).find((key) => /screens\/home\//.test(key) && manifest[key].isDynamicEntry);
const shell = closure(entry);
const first = new Set([...shell, ...(home ? closure(home) : [])]);
const report = { first_gz: await total(first), shell_gz: await total(shell), screens_gz: {}, dist_packed: 0 };

for (const key of Object.keys(manifest)) {
  if (!manifest[key].isDynamicEntry) continue;
  const own = [...closure(key)].filter((file) => !shell.has(file));
  report.screens_gz[manifest[key].name ?? key] = await total(own);
}
for (const name of await readdir(dist, { recursive: true })) {
  if (/\.(gz|br)$/.test(name)) report.dist_packed += (await stat(join(dist, name))).size;
}

console.log(JSON.stringify({ portal: report }));
const over = [];
if (report.first_gz > budget.first) over.push(`first page ${report.first_gz} > ${budget.first}`);
for (const [name, size] of Object.entries(report.screens_gz)) {
  const most = large[name] ?? budget.screen;
  if (size > most) over.push(`screen ${name} ${size} > ${most}`);
}
if (report.dist_packed > budget.dist) over.push(`whole dist ${report.dist_packed} > ${budget.dist}`);
if (over.length > 0) {
  console.error(`over budget (bytes, gzip): ${over.join("; ")}`);
  process.exit(1);
}
