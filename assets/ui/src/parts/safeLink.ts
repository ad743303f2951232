/** A link that may be followed: user-made text must not smuggle in a script. */
export function safeLink(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  return ["http:", "https:", "mailto:"].includes(new URL(text).protocol) ? text : undefined;
}
