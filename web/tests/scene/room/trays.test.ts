import { describe, expect, it } from "vitest";
import { sheetsDone, sheetsWaiting } from "../../../src/scene/room/trays.ts";
import { office } from "../../office.ts";

describe("trays", () => {
  it("grow with the logarithm of what waits and are empty only when nothing does", () => {
    const heights = [0, 1, 3, 10, 50, 500, 100_000].map(sheetsWaiting);
    expect(heights[0]).toBe(0);
    expect(heights[1]).toBe(1);
    expect([...heights].sort((a, b) => a - b)).toEqual(heights);
    expect(heights.at(-1)).toBe(16);
  });

  it("give each batch that has done something its share of sheets in its hue", () => {
    const batch = (order: number, done: number) =>
      ({ name: "n", state: "running", total: 100, done, failed: 0, running: 0, order }) as const;
    const sheets = sheetsDone(office({ batches: { a: batch(9, 60), b: batch(2, 20), c: batch(3, 0) } }));
    expect(new Set(sheets)).toEqual(new Set([1, 2]));
    expect(sheets.filter((hue) => hue === 1).length).toBeGreaterThan(sheets.filter((hue) => hue === 2).length);
    expect(sheetsDone(office())).toEqual([]);
  });
});
