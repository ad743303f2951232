// Vite plugin: `@mantine/core` without the style sheets of components that are not used. Serves
// the module `virtual:mantine.css`'s content: the sheets named below, in the order of Mantine's
// own styles.css (the order matters), and stops the build when a used component has none here.
import { existsSync, readFileSync } from "node:fs";

const root = new URL("../node_modules/@mantine/core/", import.meta.url).pathname;
const component = /@mantine\/core\/esm\/components\/([A-Za-z]+)\//;
/** Sheets that belong to no component's folder. */
const always = ["baseline", "default-css-variables", "global"];

const sheet = (name) => `${root}styles/${name}.css`;
const read = (name) => readFileSync(sheet(name), "utf8").trim();

/** Where a component's first class stands in Mantine's own styles.css. */
function place(name, text, all) {
  if (always.includes(name)) return always.indexOf(name);
  const first = /\.m_[0-9a-f]+/.exec(text)?.[0];
  const at = first === undefined ? -1 : all.indexOf(first);
  if (at < 0) throw new Error(`styles of ${name} are not part of Mantine's styles.css`);
  return always.length + at;
}

/** The wanted sheets in Mantine's order, as one text. */
export function mantineStyles(names) {
  const all = readFileSync(`${root}styles.css`, "utf8");
  return [...always, ...names]
    .map((name) => ({ name, text: read(name) }))
    .map(({ name, text }) => ({ text, at: place(name, text, all) }))
    .sort((a, b) => a.at - b.at)
    .map(({ text }) => text)
    .join("\n");
}

export function mantine(names) {
  const id = "virtual:mantine.css";
  return {
    name: "watchkeep-mantine",
    resolveId: (asked) => (asked === id ? `\0${id}` : undefined),
    load: (asked) => (asked === `\0${id}` ? mantineStyles(names) : undefined),
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((chunk) => chunk.moduleIds ?? []);
      const used = new Set(modules.map((module) => component.exec(module)?.[1]).filter(Boolean));
      const missing = [...used].filter((name) => existsSync(sheet(name)) && !names.includes(name));
      if (missing.length > 0)
        throw new Error(`add to the Mantine sheets in vite.config.ts: ${missing.join(", ")}`);
    },
  };
}
