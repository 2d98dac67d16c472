import { describe, expect, it } from "vitest";
import type { Rect } from "../../src/scene/contract.ts";
import { type Arrangement, arrange, type Room, widthOf } from "../../src/ui/layout.ts";

const SIZES = [
  [1440, 900],
  [1280, 720],
  [1200, 800],
  [900, 1100],
  [720, 900],
  [719, 900],
  [390, 844],
  [360, 640],
  [844, 390],
  [667, 375],
  [932, 430],
] as const;
const ROOMS: readonly Room[] = ["column", "sheet", "hello", "share", "page", "strip"];
const CASES = SIZES.flatMap(([width, height]) => ROOMS.map((room) => [width, height, room] as const));

function overlaps(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function inside({ x, y, width, height }: Rect, w: number, h: number): boolean {
  return x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= w && y + height <= h;
}

function coversOffice({ width }: Arrangement, room: Room): boolean {
  return width === "narrow" && (room === "sheet" || room === "share" || room === "page");
}

describe("arrange", () => {
  it.each(CASES)("at %i x %i with a %s keeps all on the screen", (width, height, room) => {
    const { panel, free, list } = arrange({ width, height }, room);
    for (const rect of [panel, free, list]) expect(inside(rect, width, height), JSON.stringify(rect)).toBe(true);
  });

  it.each(CASES)("at %i x %i with a %s lays nothing over the office", (width, height, room) => {
    const arrangement = arrange({ width, height }, room);
    if (!coversOffice(arrangement, room)) expect(overlaps(arrangement.panel, arrangement.free)).toBe(false);
  });

  it.each([
    [1200, "wide"],
    [1199, "middle"],
    [720, "middle"],
    [719, "narrow"],
  ])("%i px is %s", (width, name) => {
    expect(widthOf(width)).toBe(name);
  });

  it("gives the sidebar 352 and the sheets 708, 16 from the edge", () => {
    expect(arrange({ width: 1440, height: 900 }, "column").panel).toEqual({ x: 1072, y: 16, width: 352, height: 868 });
    expect(arrange({ width: 1440, height: 900 }, "sheet").panel).toEqual({ x: 716, y: 16, width: 708, height: 868 });
  });

  it("sets office and panel side by side on a phone that lies on its side", () => {
    const { width, panel, free } = arrange({ width: 844, height: 390 }, "column");
    expect(width).toBe("wide");
    expect(panel).toEqual({ x: 476, y: 16, width: 352, height: 358 });
    expect(free.height).toBeGreaterThan(300);
    expect(arrange({ width: 844, height: 390 }, "sheet").free.width).toBeGreaterThan(400);
  });

  it("lays a guest's figures in a strip beneath the office, and gives a frame nothing but the office", () => {
    expect(arrange({ width: 1440, height: 900 }, "strip").panel).toEqual({ x: 16, y: 828, width: 1408, height: 56 });
    expect(arrange({ width: 640, height: 400 }, "bare").free).toEqual({ x: 8, y: 8, width: 624, height: 384 });
  });

  it("gives the office 55 % of the height in between", () => {
    expect(arrange({ width: 900, height: 1100 }, "column").panel.y).toBe(605);
  });

  it("falls to the narrower layout when the text is twice as large", () => {
    expect(arrange({ width: 1440 / 2, height: 900 / 2 }, "column").width).toBe("middle");
  });
});
