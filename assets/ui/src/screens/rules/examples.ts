/** Placeholders that are the same in every language: names and numbers. */
export const examples = {
  name: "DiskAlmostFull",
  record: "job:requests:rate5m",
  runbook: "https://wiki.example/runbooks/disk",
  keep: "10m",
  pair: "tier=gold",
  filter: 'mode="idle"',
  per: "instance",
  threshold: "90",
  expression: "node_load1 > 5",
} as const;
