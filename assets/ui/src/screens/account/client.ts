/** What a client is, from what it says of itself: browser and system, as far as people know them. */
const browsers: [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|CriOS|Chromium)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const systems: [RegExp, string][] = [
  [/\bAndroid\b/, "Android"],
  [/\b(?:iPhone|iPad)\b/, "iOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

export type Client = { kind: "cli" } | { kind: "browser"; browser: string; system: string } | undefined;

export function clientOf(agent: string | null | undefined): Client {
  if (!agent) return undefined;
  if (agent.startsWith("watchkeep/")) return { kind: "cli" };
  const known = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(agent))?.[1];
  const [browser, system] = [known(browsers), known(systems)];
  return browser && system ? { kind: "browser", browser, system } : undefined;
}
