import { describe, expect, it } from "vitest";
import { addressesOf, documentsOfRows, rowsOf } from "./many";

const usual = { job: "node", project: "shop", port: "9100" };
const rows = (text: string) => rowsOf(text, usual);

describe("an address", () => {
  it("may stand for a range of hosts, with the zeros of its first number", () => {
    expect(addressesOf("db[08-11].lan", "9100")).toEqual([
      "db08.lan:9100",
      "db09.lan:9100",
      "db10.lan:9100",
      "db11.lan:9100",
    ]);
    expect(addressesOf("r[1-2]n[1-2]:80", "9100")).toEqual(["r1n1:80", "r1n2:80", "r2n1:80", "r2n2:80"]);
    expect(addressesOf("db[20-01]", "9100")).toBe("range");
    expect(addressesOf("db[1-99999]", "9100")).toBe("large");
    expect(addressesOf("db[1-]", "9100")).toBe("range");
  });

  it("may stand for the hosts of a small network", () => {
    expect(addressesOf("10.0.0.5/30:9256", "9100")).toEqual(["10.0.0.5:9256", "10.0.0.6:9256"]);
    expect(addressesOf("10.0.0.0/28", "9100")).toHaveLength(14);
    expect(addressesOf("192.168.255.254/31", "1")).toEqual(["192.168.255.254:1", "192.168.255.255:1"]);
    expect(addressesOf("10.0.0.0/8", "9100")).toBe("large");
    expect(addressesOf("10.0.0.300/28", "9100")).toBe("address");
  });

  it("keeps the port it has, also behind IPv6", () => {
    expect(addressesOf("[fd00::1]:9100", "1")).toEqual(["[fd00::1]:9100"]);
    expect(addressesOf("[fd00::1]", "9100")).toEqual(["[fd00::1]:9100"]);
  });
});

describe("lines", () => {
  it("are one target each, with labels behind the address", () => {
    const found = rows("10.0.0.1\n\n# a comment\ndb[1-2]:9104 job=mysql rack=b2\n");
    expect(found).toMatchObject([
      { line: 1, name: "10-0-0-1-9100", addresses: ["10.0.0.1:9100"], job: "node", labels: {} },
      {
        line: 4,
        name: "db-1-2-9104",
        addresses: ["db1:9104", "db2:9104"],
        job: "mysql",
        labels: { rack: "b2" },
      },
    ]);
    expect(found.every((row) => row.fault === undefined)).toBe(true);
  });

  it("say each what is wrong with it, and only with it", () => {
    const text = "http://x/metrics\ngood:1\ngood:1\nother:99999\nthird:1 bad-label=1\nfourth:1 project=Big";
    expect(rows(text).map((row) => row.fault)).toEqual([
      "address",
      undefined,
      "twice",
      "address",
      "label",
      "project",
    ]);
  });
});

describe("a table", () => {
  it("is understood by its head, in any order; other columns are labels", () => {
    const text = 'project,Host,port,rack,note\nledger,db1.lan,9104,a1,"one, two"\n,db2.lan,,,\n';
    expect(rows(text)).toMatchObject([
      { line: 2, addresses: ["db1.lan:9104"], project: "ledger", labels: { rack: "a1", note: "one, two" } },
      { line: 3, addresses: ["db2.lan:9100"], project: "shop", labels: {} },
    ]);
  });

  it("may come from a spreadsheet", () => {
    expect(rows("ip\tjob\n10.0.0.1\tmysql")).toMatchObject([{ addresses: ["10.0.0.1:9100"], job: "mysql" }]);
  });
});

it("declares the good rows, and what they need that is not there yet", () => {
  const documents = documentsOfRows(rows("a:1\nnot an address\nb:1 job=mysql project=ledger"), {
    jobs: ["node"],
    projects: ["shop"],
  });
  expect(documents.map((each) => `${each.kind} ${each.name}`)).toEqual([
    "project ledger",
    "scrape-job mysql",
    "target a-1",
    "target b-1",
  ]);
});
