/** Mantine's theme. Its default blue, red and dimmed grey miss AA contrast; these do not. */
import { type CSSVariablesResolver, createTheme, Drawer, Modal, Tooltip } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "blue",
  primaryShade: 8,
  autoContrast: true,
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
    Tooltip: Tooltip.extend({
      defaultProps: { withArrow: true, openDelay: 250, events: { hover: true, focus: true, touch: true } },
    }),
    Drawer: Drawer.extend({
      defaultProps: { position: "right", size: 620, overlayProps: { opacity: 0.35 } },
    }),
    Modal: Modal.extend({ defaultProps: { centered: true, overlayProps: { opacity: 0.45 } } }),
  },
});

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#495057",
    "--mantine-color-placeholder": "#6c757d",
    "--mantine-color-anchor": "#1864ab",
    "--mantine-color-error": "#c92a2a",
    "--mantine-color-body": "#ffffff",
    "--mantine-color-default-border": "#868e96",
  },
  dark: {
    "--mantine-color-dimmed": "#adb5bd",
    "--mantine-color-placeholder": "#9aa0a6",
    "--mantine-color-anchor": "#74c0fc",
    "--mantine-color-error": "#ff8787",
    "--mantine-color-body": "#1e2125",
    "--mantine-color-default": "#25292e",
    "--mantine-color-default-border": "#6c737a",
  },
});
