/**
 * Languages. English's core texts are bundled as the fallback; everything else is loaded when it
 * is asked for: the core of another language at the start, an area together with its screen.
 */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import core from "../locales/en/core.json";
import type { Area, Areas } from "./areas";
import { boot } from "./boot";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof core & Areas };
  }
}

/** By their own names. */
export const languages = { en: "English", zh: "中文" } as const;
export type Language = keyof typeof languages;

const YEAR_S = 31_536_000;
const files = import.meta.glob<object>(["../locales/*/*.json", "!../locales/en/core.json"], {
  import: "default",
});
const areas = new Set<Area | "core">(["core"]);
const loaded = new Map<string, Promise<void>>();

async function read(language: Language, area: Area | "core"): Promise<void> {
  const content = await files[`../locales/${language}/${area}.json`]?.();
  const texts = area === "core" ? content : { [area]: content };
  i18next.addResourceBundle(language, "translation", texts, true);
}

/** Once for each file; a failed one is asked for again. */
function load(language: Language, area: Area | "core"): Promise<void> {
  const name = `${language}/${area}`;
  if (name === "en/core") return Promise.resolve();
  const known = loaded.get(name);
  if (known) return known;
  const reading = read(language, area).catch((error) => {
    loaded.delete(name);
    throw error;
  });
  loaded.set(name, reading);
  return reading;
}

/** The nearest language there is: `zh` for `zh-CN`, English for the rest. */
export function known(language: string): Language {
  const [base = ""] = language.toLowerCase().split("-");
  return base in languages ? (base as Language) : "en";
}

export async function startLanguages(language: string): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: known(language),
    fallbackLng: "en",
    // A copy: areas are added to it.
    resources: { en: { translation: { ...core } } },
    interpolation: { escapeValue: false },
    returnNull: false,
    saveMissing: true,
    missingKeyHandler: (_, __, key) => console.error(`no text for ${key}`),
  });
  await speak(known(language));
}

/** Has the texts of an area ready, in the language that is spoken. */
export async function texts(...wanted: Area[]): Promise<void> {
  for (const area of wanted) areas.add(area);
  await Promise.all(wanted.map((area) => load(known(i18next.language), area)));
}

async function speak(language: Language): Promise<void> {
  await Promise.all([...areas].map((area) => load(language, area)));
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** Speaks another language from now on; the cookie tells the server for the next first paint. */
export async function prefer(language: Language): Promise<void> {
  await speak(language);
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API needs HTTPS
  document.cookie = `wk_language=${language}; path=${boot.prefix}/; max-age=${YEAR_S}; SameSite=Lax`;
}
