import { expect, it } from "vitest";
import { fillTemplate, fillText } from "./fillText";

it("fills labels and the value into a text, and leaves what it does not know", () => {
  const labels = { instance: "db1", mount: "/var" };
  expect(fillText("{{ $labels.instance }}{{$labels.none}}: {{ $value }}", labels, 0.5)).toBe("db1: 0.5");
  expect(fillText("{{ $value | humanizePercentage }} of {{ .Labels.mount }}", labels, 0.123456)).toBe(
    "12.35% of /var",
  );
  expect(fillText("{{ $value | humanizeDuration }}", labels, 5400)).toBe("1h 30m");
  expect(fillText('{{ printf "%.1f" $value }} {{ $value }}', labels, null)).toBe(
    '{{ printf "%.1f" $value }} {{ $value }}',
  );
});

it("fills a template's parameters in everywhere", () => {
  const slot = (name: string) => ["$", "{", name, "}"].join("");
  const rule = { expr: `a > ${slot("limit")}`, labels: { x: slot("none") }, list: [slot("limit")], n: 3 };
  expect(fillTemplate(rule, { limit: "5" })).toEqual({
    expr: "a > 5",
    labels: { x: slot("none") },
    list: ["5"],
    n: 3,
  });
});
