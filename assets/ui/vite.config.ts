/// <reference types="vitest/config" />
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { output } from "./scripts/chunks.mjs";
import { licences } from "./scripts/licences.mjs";
import { mantine } from "./scripts/mantine.mjs";

const server = process.env.WATCHKEEP_URL ?? "http://127.0.0.1:8420";

/** Components whose style sheets are bundled; the build names the ones that are missing here. */
const sheets =
  "Accordion ActionIcon Alert Anchor Avatar Burger Button Checkbox CloseButton Code " +
  "Combobox Drawer FloatingIndicator Group InlineInput Input List Loader Menu Modal ModalBase Notification " +
  "Overlay Pagination Paper PasswordInput Pill PillsInput Popover Radio ScrollArea " +
  "SegmentedControl Skeleton Stack Text ThemeIcon Tabs Tooltip UnstyledButton VisuallyHidden";

/** What the Rust server does with the template, for Vite's own server. */
function template(): Plugin {
  const boot = JSON.stringify({ version: "dev", site: "", session: null });
  return {
    name: "watchkeep-template",
    apply: "serve",
    transformIndexHtml: (html) =>
      html
        .replace("__WK_NONCE__", "")
        .replace("__WK_BASE__", "/")
        .replace("__WK_LANG__", "en")
        .replace("__WK_BOOT__", boot),
  };
}

export default defineConfig({
  // Relative, so that one build works under any prefix: see <base> in index.html.
  base: "./",
  plugins: [react(), template(), mantine(sheets.split(" ")), licences()],
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    // Inlined data would need `data:` in the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    manifest: "manifest.json",
    reportCompressedSize: false,
    rolldownOptions: { output },
  },
  server: {
    proxy: Object.fromEntries(
      ["/api", "/help", "/prometheus", "/-/"].map((path) => [path, { target: server }]),
    ),
  },
  test: {
    environment: "jsdom",
    setupFiles: ["./src/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
