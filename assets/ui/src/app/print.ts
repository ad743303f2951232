/** Paper is white: whatever is printed is printed in the light scheme. */
const scheme = "data-mantine-color-scheme";

export function printLight(): void {
  const root = document.documentElement;
  let before: string | null = null;
  window.addEventListener("beforeprint", () => {
    before = root.getAttribute(scheme);
    root.setAttribute(scheme, "light");
  });
  window.addEventListener("afterprint", () => {
    if (before !== null) root.setAttribute(scheme, before);
    before = null;
  });
}
