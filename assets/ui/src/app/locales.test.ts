import { describe, expect, it } from "vitest";

type Tree = { [key: string]: string | Tree };
const files = import.meta.glob<Tree>("../locales/*/*.json", { eager: true, import: "default" });

/** Every text by its key, the plural form left out of the key. */
function flatten(tree: Tree, prefix = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string"
      ? [[`${prefix}${key.replace(/_(one|other)$/, "")}`, value] as [string, string]]
      : flatten(value, `${prefix}${key}.`),
  );
}

const names = (language: string) =>
  Object.keys(files)
    .filter((path) => path.startsWith(`../locales/${language}/`))
    .map((path) => path.slice(`../locales/${language}/`.length));
const textsOf = (language: string, name: string) => flatten(files[`../locales/${language}/${name}`] ?? {});
/** `{{name}}` of a text. */
const slots = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

describe("the languages", () => {
  it("have the same files", () => {
    expect(names("zh")).toEqual(names("en"));
  });

  it.each(names("en"))("have the same keys in %s", (name) => {
    const keys = (language: string) => [...new Set(textsOf(language, name).map(([key]) => key))].sort();
    expect(keys("zh")).toEqual(keys("en"));
  });

  it.each(names("en"))("fill the same values into %s", (name) => {
    const english = new Map(textsOf("en", name));
    for (const [key, text] of textsOf("zh", name)) {
      const count = (all: string[]) => all.filter((slot) => slot !== "{{count}}");
      expect(count(slots(text)), key).toEqual(count(slots(english.get(key) ?? "")));
    }
  });

  it.each(names("zh"))("leave nothing in English in %s", (name) => {
    const words = /[一-鿿]|^[\W\d]*$|\{\{|^(Watchkeep|ID|URL)$|[:=@/]/;
    for (const [key, text] of textsOf("zh", name)) {
      // What is typed into a field is the same in every language.
      if (!key.endsWith("_example")) expect(text, key).toMatch(words);
    }
  });

  it("write a space between Chinese and Latin words", () => {
    for (const name of names("zh")) {
      for (const [key, text] of textsOf("zh", name)) {
        expect(text.replace(/\{\{\w+\}\}/g, ""), key).not.toMatch(/[一-鿿][A-Za-z]|[A-Za-z][一-鿿]/);
      }
    }
  });
});
