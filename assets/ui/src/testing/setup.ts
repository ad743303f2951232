/** What jsdom lacks and Mantine needs. */
import "@testing-library/jest-dom/vitest";
import type { Area } from "../app/areas";
import { startLanguages, texts } from "../app/i18n";

window.matchMedia = (media) =>
  ({ matches: false, media, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
window.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

await startLanguages("en");
const areas = Object.keys(import.meta.glob(["../locales/en/*.json", "!../locales/en/core.json"]));
await texts(...areas.map((path) => path.split("/").at(-1)?.replace(".json", "") as Area));
