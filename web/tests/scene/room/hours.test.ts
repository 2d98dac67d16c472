import { describe, expect, it } from "vitest";
import { ROOM, WINDOWS } from "../../../../assets/layout.ts";
import { lightAt } from "../../../src/scene/room/hours.ts";

const hours = Array.from({ length: 24 * 20 }, (_, index) => index / 20);

describe("the light of an hour", () => {
  it("changes softly, round the clock", () => {
    for (const hour of hours) {
      const [now, next] = [lightAt(hour), lightAt(hour + 0.05)];
      for (const name of ["key", "above", "below", "panes", "tint", "ground"] as const) {
        const apart = Math.abs(now[name].r - next[name].r) + Math.abs(now[name].g - next[name].g) + Math.abs(now[name].b - next[name].b);
        expect(apart, `${name} at ${hour}`).toBeLessThan(0.2);
      }
      expect(Math.abs(now.lamps - next.lamps)).toBeLessThan(0.08);
      expect(Math.abs(now.slant - next.slant)).toBeLessThan(0.3);
    }
  });

  it("has lamps at night and none at noon", () => {
    expect(lightAt(0).lamps).toBe(1);
    expect(lightAt(23.9).lamps).toBe(1);
    expect(lightAt(12).lamps).toBe(0);
    expect(lightAt(18.9).lamps).toBeGreaterThan(0.4);
  });

  it("carries the sun's patches from the back to the front while the sun goes by, never out of the room", () => {
    const day = hours.filter((hour) => hour >= 7.5 && hour <= 18.5).map((hour) => lightAt(hour));
    expect(day[0]?.slant).toBeLessThan(-1);
    expect(day.at(-1)?.slant).toBeGreaterThan(0.2);
    for (const { slant, reach } of hours.map(lightAt)) {
      expect(Math.max(...WINDOWS.zs) + 1.05 + slant).toBeLessThan(ROOM.z1 + 0.1);
      expect(ROOM.x0 + 0.7 + reach).toBeLessThan(ROOM.x1);
    }
  });

  it("is low and reaches far at dawn and dusk, and is warm then", () => {
    for (const hour of [7.2, 17.9]) {
      expect(lightAt(hour).reach).toBeGreaterThan(lightAt(12.5).reach + 1.5);
      expect(lightAt(hour).key.r).toBeGreaterThan(lightAt(hour).key.b + 0.2);
    }
  });

  it("knows one hour only, whatever the day", () => {
    expect(lightAt(25.5)).toEqual(lightAt(1.5));
    expect(lightAt(-1)).toEqual(lightAt(23));
  });
});
