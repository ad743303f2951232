/** Languages. English is bundled as the fallback; others are loaded when asked for. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "../locales/en.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof en };
  }
}

export async function startLanguages(language: string): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
    returnNull: false,
    saveMissing: true,
    missingKeyHandler: (_, __, key) => console.error(`no text for ${key}`),
  });
}
