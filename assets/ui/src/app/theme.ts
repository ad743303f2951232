/** Mantine's theme. Its default blue, red and dimmed grey miss AA contrast; these do not. */
import { type CSSVariablesResolver, createTheme, Tooltip } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "blue",
  primaryShade: 8,
  autoContrast: true,
  colors: {
    // Cooler than Mantine's own, to go with our surfaces; text on them keeps its contrast.
    dark: [
      "#e6e9ed",
      "#c4cad1",
      "#adb5bd",
      "#7d8690",
      "#4a525b",
      "#3a4149",
      "#272c32",
      "#1e2125",
      "#191c1f",
      "#141619",
    ],
  },
  respectReducedMotion: true,
  cursorType: "pointer",
  defaultRadius: "md",
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono CJK SC", "DejaVu Sans Mono", monospace',
  headings: {
    fontWeight: "650",
    sizes: {
      h1: { fontSize: "1.5rem", lineHeight: "1.3" },
      h2: { fontSize: "1.0625rem", lineHeight: "1.4" },
      h3: { fontSize: "0.9375rem", lineHeight: "1.4" },
    },
  },
  components: {
    // Beside its field: what lies outside a dialog does not exist for a screen reader in it.
    Combobox: { defaultProps: { withinPortal: false, floatingStrategy: "fixed" } },
    // A list that opens because the Tab key passed by hides what comes next.
    ...Object.fromEntries(
      ["Select", "MultiSelect", "Autocomplete", "TagsInput"].map((name) => [
        name,
        { defaultProps: { openOnFocus: false } },
      ]),
    ),
    Tooltip: Tooltip.extend({
      defaultProps: { withArrow: true, openDelay: 250, events: { hover: true, focus: true, touch: true } },
    }),
  },
});

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#495057",
    "--mantine-color-placeholder": "#6c757d",
    "--mantine-color-anchor": "#1864ab",
    "--mantine-color-error": "#c92a2a",
    "--mantine-color-red-outline": "#c92a2a",
    "--mantine-color-yellow-outline": "#8a5300",
    "--mantine-color-blue-outline": "#1864ab",
    "--mantine-color-body": "#ffffff",
    "--mantine-color-default-border": "#c9cfd6",
  },
  dark: {
    "--mantine-color-dimmed": "#adb5bd",
    "--mantine-color-placeholder": "#9aa0a6",
    "--mantine-color-anchor": "#74c0fc",
    "--mantine-color-error": "#ff8787",
    "--mantine-color-red-outline": "#ff8787",
    "--mantine-color-yellow-outline": "#ffd43b",
    "--mantine-color-blue-outline": "#74c0fc",
    "--mantine-color-body": "#1e2125",
    "--mantine-color-default": "#25292e",
    "--mantine-color-default-border": "#4a525b",
  },
});
