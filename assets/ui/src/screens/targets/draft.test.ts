import { describe, expect, it } from "vitest";
import { documentsOf, draftOf, emptyDraft, faultsOf, isAddress, nameFor, specOf } from "./draft";

const good = {
  name: "web-1",
  job: "node",
  project: "shop",
  addresses: ["10.0.0.5:9100"],
  labels: ["rack=a=1"],
};

describe("a target's draft", () => {
  it("takes host names, IPv4 and bracketed IPv6 with a port, and nothing else", () => {
    for (const address of ["10.0.0.5:9100", "db-1.lan:80", "[::1]:9100"])
      expect(isAddress(address)).toBe(true);
    for (const address of ["db-1", "db:0", "db:70000", "http://db:80", "a b:1", "::1:9100", "db:80/x"]) {
      expect(isAddress(address), address).toBe(false);
    }
  });

  it("names every field that is wrong", () => {
    expect(faultsOf(good)).toEqual({});
    expect(faultsOf(emptyDraft)).toEqual({
      name: "required",
      job: "required",
      project: "required",
      addresses: "addresses",
    });
    expect(faultsOf({ ...good, name: "Web", labels: ["1=a"] })).toEqual({ name: "name", labels: "label" });
    expect(faultsOf({ ...good, labels: ["a=1", "a=2"] })).toEqual({ labels: "labels_twice" });
    expect(faultsOf({ ...good, addresses: ["10.0.0.5"] })).toEqual({ addresses: "address" });
  });

  it("keeps equal signs in label values and reads back what it wrote", () => {
    expect(specOf(good).labels).toEqual({ rack: "a=1" });
    expect(draftOf("web-1", specOf(good))).toEqual(good);
  });

  it("suggests a valid name for any address", () => {
    for (const address of ["10.0.0.5:9100", "[fe80::1]:9100", "DB.lan:80"]) {
      expect(faultsOf({ ...good, name: nameFor(address) })).toEqual({});
    }
  });

  it("declares a project and a job only where they are new", () => {
    const kinds = (jobs: string[], projects: string[]) =>
      documentsOf(good, { jobs, projects }).map((document) => document.kind);
    expect(kinds(["node"], ["shop"])).toEqual(["target"]);
    expect(kinds([], [])).toEqual(["project", "scrape-job", "target"]);
  });
});
