import { describe, expect, it } from "vitest";
import { cast, role, SNAP_MS } from "../../../src/scene/people/cast.ts";
import { NODES, SEATS } from "../../../src/scene/people/graph.ts";
import type { Activity, Desk } from "../../../src/state/office.ts";

const NOW = 1_795_450_000_000;
const desk = (parts: Partial<Desk> = {}): Desk => ({ worker: "Ada", activity: "idle", since: NOW - 60_000, place: "desk-3", ...parts });
const played = (parts: Partial<Desk>, now = NOW) => {
  const out = role();
  cast(out, desk(parts), 3, { at: now });
  return out;
};
const seat = SEATS.get("desk-3");

describe("cast", () => {
  it("is a pure function of desk, index and moment", () => {
    expect(played({ activity: "working" })).toEqual(played({ activity: "working" }));
  });

  it("plays a clip that says what the desk does", () => {
    const clips = (activity: Activity) => new Set(Array.from({ length: 400 }, (_, k) => played({ activity }, NOW + k * 500).clip));
    expect(clips("off")).toEqual(new Set(["sleep"]));
    expect(clips("failed")).toEqual(new Set(["slump"]));
    expect(clips("waiting")).toEqual(new Set(["wait"]));
    expect(clips("done")).toEqual(new Set(["cheer"]));
    expect(clips("working")).toEqual(new Set(["type", "think"]));
  });

  it.each([
    ["reading page 7", "scan"],
    ["Step 2: writing", "type"],
    ["calling the shop", "call"],
    ["think: warum?", "think"],
  ])("shows how a task says it is worked on: %s", (note, clip) => {
    const clips = new Set(Array.from({ length: 200 }, (_, k) => played({ activity: "working", note }, NOW + k * 500).clip));
    expect(clips).toEqual(new Set([clip]));
  });

  it("never lets an idle worker look busy", () => {
    for (let k = 0; k < 3000; k++) expect(["type", "cheer", "slump", "sleep", "walk"]).not.toContain(played({}, NOW + k * 997).clip);
  });

  it("places everyone else at the desk's chair, who cheers beside it", () => {
    for (const activity of ["off", "idle", "working", "waiting", "failed"] as const) {
      expect(played({ activity }).x).toBe(seat?.x);
      expect(Math.abs(played({ activity }).z - (seat?.z ?? 0))).toBeLessThan(0.1);
    }
    expect(played({ activity: "done", since: NOW - 1000 })).toMatchObject(NODES.get("desk-3") ?? {});
  });

  it("stands at the place where the state says they are", () => {
    expect(played({ place: "coffee-1" })).toMatchObject({ ...NODES.get("coffee-1"), clip: "sip", walking: false });
    expect(played({ place: "cat-1" }).clip).toBe("crouch");
  });

  it("walks between the two moments of the path, and is there afterwards", () => {
    const path = ["desk-3", "coffee-1", NOW, NOW + 9000] as const;
    const at = (ms: number) => {
      const out = role();
      const { place: _, ...rest } = desk({ path });
      cast(out, rest, 3, { at: NOW + ms });
      return out;
    };
    expect(at(0)).toMatchObject({ walking: true, clip: "poise", share: 0, x: seat?.x });
    expect(["read", "phone", "coffee", "stretch", "think"]).toContain(at(0).from);
    expect(at(4500)).toMatchObject({ walking: true, clip: "walk", share: 1 });
    expect(at(8999)).toMatchObject({ walking: true, clip: "sip" });
    expect(at(9000)).toMatchObject({ ...NODES.get("coffee-1"), walking: false, clip: "sip" });
  });

  it("puts whoever is called to work on the chair after three seconds at the latest", () => {
    const path = ["coffee-1", "desk-3", NOW, NOW + 9000] as const;
    const called = { activity: "working", since: NOW, path } as const;
    expect(played(called, NOW + SNAP_MS).walking).toBe(true);
    expect(played(called, NOW + SNAP_MS + 1)).toMatchObject({ walking: false, x: seat?.x });
  });
});
