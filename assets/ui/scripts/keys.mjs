// Language files: every language has English's keys (plural forms aside), and every key is used.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const src = new URL("../src/", import.meta.url).pathname;
const plural = /_(zero|one|two|few|many|other)$/;

function flatten(value, prefix = "") {
  if (typeof value === "string") return [prefix.replace(plural, "")];
  return Object.entries(value).flatMap(([key, inner]) =>
    flatten(inner, prefix === "" ? key : `${prefix}.${key}`),
  );
}

/** The core's keys as they are, those of an area behind its name. */
async function keysOf(language) {
  const keys = new Set();
  for (const file of await readdir(join(src, "locales", language))) {
    const text = await readFile(join(src, "locales", language, file), "utf8");
    const area = file.replace(".json", "");
    for (const key of flatten(JSON.parse(text), area === "core" ? "" : area)) keys.add(key);
  }
  return keys;
}

const languages = await readdir(join(src, "locales"));
const english = await keysOf("en");
const problems = [];

for (const language of languages) {
  const keys = await keysOf(language);
  for (const key of english) if (!keys.has(key)) problems.push(`${language}: missing ${key}`);
  for (const key of keys) if (!english.has(key)) problems.push(`${language}: not in en: ${key}`);
}

const sources = [];
for (const entry of await readdir(src, { recursive: true, withFileTypes: true })) {
  if (entry.isFile() && /\.tsx?$/.test(entry.name)) {
    sources.push(await readFile(join(entry.parentPath, entry.name), "utf8"));
  }
}
const code = sources.join("\n");
for (const key of english) {
  // A key may be built from a fixed stem and a value: t(`alerts.state.${state}`).
  const stem = `${key.slice(0, key.lastIndexOf("."))}.$\{`;
  if (!code.includes(`"${key}"`) && !code.includes(`\`${stem}`)) problems.push(`unused: ${key}`);
}

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
console.log(`${english.size} keys, ${languages.length} language(s)`);
