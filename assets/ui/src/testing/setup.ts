/** What jsdom lacks and Mantine needs. */
import "@testing-library/jest-dom/vitest";
import { startLanguages } from "../app/i18n";

window.matchMedia = (media) =>
  ({ matches: false, media, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
window.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

await startLanguages("en");
