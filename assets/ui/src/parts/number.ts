/** Numbers as people read them: at most four significant digits, SI letters for large ones. */
const letters: [number, string][] = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e4, "k"],
];

export function humanNumber(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (!Number.isFinite(value)) return String(value);
  const [size, letter] = letters.find(([size]) => Math.abs(value) >= size) ?? [1, ""];
  const base = letter === "k" ? 1e3 : size;
  return `${Number((value / base).toPrecision(4))}${letter}`;
}

/** Seconds as `1h 30m`; the two largest units. */
export function duration(seconds: number): string {
  const units: [string, number][] = [
    ["d", 86_400],
    ["h", 3_600],
    ["m", 60],
    ["s", 1],
  ];
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const [unit, size] of units) {
    if (rest < size || parts.length === 2) continue;
    parts.push(`${Math.floor(rest / size)}${unit}`);
    rest %= size;
  }
  return parts.length === 0 ? "0s" : parts.join(" ");
}
