import { describe, expect, it } from "vitest";
import type { ClusterNode, Component, Member, Status } from "../../api/types";
import { apart, isAddress, joinCommand, lossOf } from "./member";

const member = (n: number, change: Partial<Member> = {}): Member => ({
  id: `id${n}`,
  name: `mon${n}`,
  address: `10.0.0.${n}:8421`,
  url: `https://10.0.0.${n}:8420`,
  role: n === 1 ? "leader" : "voter",
  voter: true,
  gone: false,
  state: "settled",
  text: null,
  last_contact_ms: 100,
  index: 7,
  lag: 0,
  ...change,
});

const node = (name: string, index: number | null, state_hash: string | null): ClusterNode => ({
  id: name,
  name,
  address: "",
  role: "voter",
  version: "",
  state: "ready",
  last_seen: null,
  index,
  state_hash,
});

describe("members", () => {
  it("have come apart only where the same log has another end", () => {
    const [one, two] = [node("a", 7, "aa"), node("b", 8, "bb")];
    expect(apart([one, two, node("c", null, null)])).toEqual([]);
    expect(apart([one, node("b", 7, "bb"), node("c", 8, "cc")])).toEqual(["a", "b"]);
  });

  it("cost what runs on them and what could be lost before", () => {
    const all = [member(1), member(2), member(3)];
    const components = ["prometheus", "alertmanager"].map((name) => ({ node: "id3", name }) as Component);
    const status = { components } as Status;
    expect(lossOf(all[2] as Member, all, status)).toEqual({
      stay: 2,
      spare: 0,
      programs: ["alertmanager", "prometheus"],
      records: true,
    });
    expect(lossOf(member(9), [...all, member(4), member(5)], undefined).spare).toBe(2);
  });

  it("are joined through those that answer, at the address of the new machine", () => {
    const dead = member(2, { last_contact_ms: 90_000 });
    const coming = member(3, { state: "joining" });
    const command = joinCommand([member(1), dead, coming], "10.0.0.2:8421", "wk1.secret");
    expect(command.split("\n")).toEqual([
      "(umask 077; cat > node.token) <<'END'",
      "wk1.secret",
      "END",
      "watchkeep up --cluster 10.0.0.1:8421,10.0.0.2:8421 --token-file node.token",
    ]);
  });

  it("are named by something that a shell leaves alone", () => {
    for (const good of ["10.0.0.4", "mon4.example.org:8421", "[fd00::4]:8421"])
      expect(isAddress(good)).toBe(true);
    for (const bad of ["", "a b", "x;reboot", "$(id)", "a,b", "h:p"]) expect(isAddress(bad)).toBe(false);
  });
});
