// Fails when the portal grew over its budget. Bytes over the wire with gzip, from the files
// themselves and Vite's manifest (who imports what).
import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

const KIB = 1024;
const budget = { first: 250 * KIB, shared: 70 * KIB, screen: 40 * KIB, dist: 2.5 * KIB * KIB };
/** What so many screens load is loaded once and has a budget of its own. */
const MANY = 9;
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
const shell = closure(entry);
/** The home screen, and each of what it may show first: the heaviest counts. */
const homes = Object.keys(manifest).filter(
  (key) => /screens\/home\//.test(key) && manifest[key].isDynamicEntry,
);
const frame = homes.filter((key) => /\/Home\.tsx$/.test(key)).flatMap((key) => [...closure(key)]);
const firsts = await Promise.all(homes.map((key) => total(new Set([...shell, ...frame, ...closure(key)]))));
const screens = Object.keys(manifest)
  .filter((key) => manifest[key].isDynamicEntry)
  .map((key) => ({
    name: manifest[key].name ?? key,
    own: [...closure(key)].filter((file) => !shell.has(file)),
  }));
const uses = new Map();
for (const file of screens.flatMap(({ own }) => own)) uses.set(file, (uses.get(file) ?? 0) + 1);
const shared = [...uses].filter(([, count]) => count >= MANY).map(([file]) => file);
const report = {
  first_gz: Math.max(...firsts),
  shell_gz: await total(shell),
  shared_gz: await total(shared),
  screens_gz: {},
  dist_packed: 0,
};

for (const { name, own } of screens) {
  report.screens_gz[name] = await total(own.filter((file) => !shared.includes(file)));
}
for (const name of await readdir(dist, { recursive: true })) {
  if (/\.(gz|br)$/.test(name)) report.dist_packed += (await stat(join(dist, name))).size;
}

console.log(JSON.stringify({ portal: report }));
const over = [];
if (report.first_gz > budget.first) over.push(`first page ${report.first_gz} > ${budget.first}`);
if (report.shared_gz > budget.shared)
  over.push(`shared by many screens ${report.shared_gz} > ${budget.shared}`);
for (const [name, size] of Object.entries(report.screens_gz)) {
  const most = large[name] ?? budget.screen;
  if (size > most) over.push(`screen ${name} ${size} > ${most}`);
}
if (report.dist_packed > budget.dist) over.push(`whole dist ${report.dist_packed} > ${budget.dist}`);
if (over.length > 0) {
  console.error(`over budget (bytes, gzip): ${over.join("; ")}`);
  process.exit(1);
}
