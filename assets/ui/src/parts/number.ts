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

/** Bytes of memory and disks: `1.5 GiB`. */
export function binaryBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power > 0 && value < 100 ? Number(value.toPrecision(2)) : Math.round(value)} ${units[power]}`;
}
