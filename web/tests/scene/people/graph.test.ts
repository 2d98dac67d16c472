import { describe, expect, it } from "vitest";
import { DESK, DESKS, ROOM } from "../../../../assets/layout.ts";
import places from "../../../../assets/places.json";
import { along, apart, EDGES, NODES, place, route, SEATS, turned } from "../../../src/scene/people/graph.ts";

const goals = places.places.map(({ name }) => name);
const ends = [...SEATS.keys(), ...goals];
const pairs = ends.flatMap((from) => ends.filter((to) => to !== from).map((to) => ({ from, to })));
const SHOULDER = 0.12;

describe("graph", () => {
  it("has a way from every seat and place to every other, which starts and ends there", () => {
    for (const { from, to } of pairs) {
      const way = route(from, to);
      expect(way?.corners[0], from).toEqual(SEATS.get(from) ?? NODES.get(from));
      expect(way?.corners.at(-1), to).toEqual(SEATS.get(to) ?? NODES.get(to));
    }
  });

  it("goes back the way it came", () => {
    for (const { from, to } of pairs) expect(route(to, from)?.corners).toEqual([...(route(from, to)?.corners ?? [])].reverse());
  });

  it("walks along edges only, seats to their own side of the desk", () => {
    const known = new Set(EDGES.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
    const nameOf = new Map([...NODES].map(([name, { x, z }]) => [`${x} ${z}`, name]));
    for (const { from, to } of pairs) {
      const names = (route(from, to)?.corners ?? []).flatMap(({ x, z }) => nameOf.get(`${x} ${z}`) ?? []);
      const strange = names.slice(1).filter((name, index) => !known.has(`${names[index]} ${name}`));
      expect(strange, `${from} to ${to}`).toEqual([]);
    }
  });

  it("never leads through a desk or out of the room", () => {
    const step = { x: 0, z: 0, heading: 0, walked: 0 };
    for (const { from, to } of pairs) {
      const way = route(from, to);
      if (!way) throw new Error(`expected a way from ${from} to ${to}`);
      for (let walked = 0; walked <= way.length; walked += 0.1) {
        along(way, Object.assign(step, { walked }));
        const outside = step.x < ROOM.x0 || step.x > ROOM.x1 || step.z < ROOM.z0 || step.z > ROOM.z1;
        const inDesk = DESKS.some(
          ({ x, z }) => Math.abs(step.x - x) < DESK.width / 2 + SHOULDER && Math.abs(step.z - z) < DESK.depth / 2 + SHOULDER,
        );
        if (inDesk || outside) expect.fail(`${from} to ${to} after ${walked} m: at ${step.x}, ${step.z}`);
      }
    }
  });

  it("moves evenly: a tenth of a metre walked is a tenth of a metre or less as the crow flies", () => {
    const way = route("desk-4", "coffee-2");
    if (!way) throw new Error("expected a way");
    const [a, b] = [
      { x: 0, z: 0, heading: 0, walked: 0 },
      { x: 0, z: 0, heading: 0, walked: 0 },
    ];
    for (let walked = 0; walked < way.length - 0.1; walked += 0.1) {
      along(way, Object.assign(a, { walked }));
      along(way, Object.assign(b, { walked: walked + 0.1 }));
      expect(apart(a, b)).toBeLessThanOrEqual(0.1001);
    }
    along(way, Object.assign(a, { walked: way.length + 5 }));
    expect(a).toMatchObject(NODES.get("coffee-2") ?? {});
  });

  it("turns the short way round", () => {
    expect(turned(3, -3, 0.5)).toBeCloseTo(Math.PI, 1);
    expect(turned(0, Math.PI / 2, 1)).toBeCloseTo(Math.PI / 2);
  });

  it("knows how people stand at each place", () => {
    for (const name of goals) expect(place(name)?.at).toEqual(NODES.get(name));
    expect(place("nowhere")).toBeUndefined();
    expect(route("desk-0", "nowhere")).toBeUndefined();
  });
});
