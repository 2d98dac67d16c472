import { describe, expect, it } from "vitest";
import { DESK, DESKS, hasLamp, ROOM, STAIRS, WINDOWS } from "../../../assets/layout.ts";
import { HUES_DAY, HUES_NIGHT } from "../../../assets/palette.ts";
import places from "../../../assets/places.json";

describe("layout", () => {
  it("puts ten desks in the room, each in front of its seat, none touching another", () => {
    expect(DESKS).toHaveLength(10);
    for (const [index, { x, z }] of DESKS.entries()) {
      const [seatX = 0, seatZ = 0] = Object.values(places.seats)[index] ?? [];
      expect(x).toBeCloseTo(seatX / 100);
      expect(z).toBeGreaterThan(seatZ / 100);
      expect(x - DESK.width / 2).toBeGreaterThan(ROOM.x0);
      expect(x + DESK.width / 2).toBeLessThan(ROOM.x1);
      for (const other of DESKS.slice(index + 1))
        expect(Math.abs(other.x - x) > DESK.width || Math.abs(other.z - z) > DESK.depth).toBe(true);
    }
    expect(DESKS.filter((_, desk) => hasLamp(desk))).toHaveLength(5);
  });

  it("has the stairs where people walk to them, and openings inside the walls", () => {
    const [x = 0] = places.nodes.stairs;
    expect(Math.abs(x / 100 - STAIRS.x)).toBeLessThan(STAIRS.width / 2);
    expect(STAIRS.x + STAIRS.width / 2).toBeLessThan(ROOM.x1);
    for (const z of WINDOWS.zs) expect(z - WINDOWS.width / 2).toBeGreaterThan(ROOM.z0);
  });

  it("has as many hues by night as by day", () => {
    expect(HUES_DAY).toHaveLength(8);
    expect(new Set(HUES_NIGHT).size).toBe(8);
  });
});
