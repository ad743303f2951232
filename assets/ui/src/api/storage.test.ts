import { describe, expect, it } from "vitest";
import { binaryBytes } from "../parts/number";
import { storedOf } from "./storage";

const series = (name: string, node: string, bytes: string) => ({
  metric: { __name__: `prometheus_tsdb_${name}`, node },
  value: [0, bytes] as [number, string],
});

describe("what Prometheus keeps", () => {
  it("is summed by node, beside its limit", () => {
    const result = [
      series("storage_blocks_bytes", "b", "10"),
      series("wal_storage_size_bytes", "b", "5"),
      series("retention_limit_bytes", "b", "100"),
      series("storage_blocks_bytes", "a", "1"),
    ];
    expect(storedOf({ data: { result } })).toEqual([
      { node: "a", used: 1, limit: 0 },
      { node: "b", used: 15, limit: 100 },
    ]);
  });

  it("is told in the units of memory", () => {
    expect([0, 1023, 1536, 162_135_015_424].map(binaryBytes)).toEqual([
      "0 B",
      "1023 B",
      "1.5 KiB",
      "151 GiB",
    ]);
  });
});
