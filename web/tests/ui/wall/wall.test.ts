import { describe, expect, it } from "vitest";
import { AZIMUTH, framed, OUTLINE, projected } from "../../../src/scene/view/fit.ts";
import { leanAt } from "../../../src/scene/view/sway.ts";
import { STEP_MS, shiftAt } from "../../../src/ui/wall/burnin.ts";
import { freeOf, hull, meets, SWAY_MAX } from "../../../src/ui/wall/free.ts";
import { placesOn } from "../../../src/ui/wall/places.ts";
import { chance } from "../../random.ts";

const SIZES = [
  [1920, 1080],
  [3840, 2160],
  [1366, 768],
  [1024, 768],
  [2560, 1080],
  [1080, 1920],
  [768, 1024],
  [1280, 800],
] as const;

describe("burn-in", () => {
  it("is kept away by eight pixels every ten minutes, along one axis, with nothing left where it was for long", () => {
    const places = Array.from({ length: 48 }, (_, index) => shiftAt(index * STEP_MS));
    for (const [index, [x, y]] of places.slice(1).entries()) {
      const [bx, by] = places[index] ?? [0, 0];
      expect(Math.abs(x - bx) + Math.abs(y - by)).toBe(8);
    }
    expect(shiftAt(STEP_MS - 1)).toEqual(shiftAt(0));
    expect(new Set(places.map(String)).size).toBe(8);
  });
});

describe("the sway", () => {
  it("is ten degrees to either side, there and back in four minutes, and never jumps", () => {
    const degrees = Array.from({ length: 2_401 }, (_, index) => (leanAt(index * 100) * 180) / Math.PI);
    expect(Math.max(...degrees)).toBeCloseTo(10, 3);
    expect(Math.min(...degrees)).toBeCloseTo(-10, 3);
    expect(degrees[2_400]).toBeCloseTo(degrees[0] ?? 1, 6);
    for (const [index, degree] of degrees.slice(1).entries()) expect(Math.abs(degree - (degrees[index] ?? 0))).toBeLessThan(0.03);
  });
});

describe("outlines", () => {
  it("have the hull of their points", () => {
    const inside = [
      [0, 0],
      [4, 0],
      [4, 4],
      [0, 4],
      [2, 2],
      [1, 3],
    ] as const;
    expect(hull(inside).map(String).sort()).toEqual(["0,0", "0,4", "4,0", "4,4"]);
  });

  it("meet a box as a plain search of points says", () => {
    const { next } = chance(20_261_130);
    for (let round = 0; round < 300; round += 1) {
      const shape = hull(Array.from({ length: 6 }, () => [next() * 100, next() * 100] as const));
      const box = { x: next() * 90, y: next() * 90, width: 2 + next() * 30, height: 2 + next() * 30 };
      const within = ([x, y]: readonly [number, number]) =>
        shape.every(([ax, ay], index) => {
          const [bx, by] = shape[(index + 1) % shape.length] ?? [ax, ay];
          return (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0;
        });
      const found = Array.from({ length: 31 * 31 }, (_, index) => {
        const [i, j] = [index % 31, Math.floor(index / 31)];
        return [box.x + (i / 30) * box.width, box.y + (j / 30) * box.height] as const;
      }).some(within);
      if (found) expect(meets(shape, box)).toBe(true);
    }
  });

  it("do not meet a box beyond them", () => {
    const diamond = hull([
      [50, 0],
      [100, 50],
      [50, 100],
      [0, 50],
    ]);
    expect(meets(diamond, { x: 0, y: 0, width: 20, height: 20 })).toBe(false);
    expect(meets(diamond, { x: 0, y: 0, width: 30, height: 30 })).toBe(true);
    expect(meets(diamond, { x: 45, y: 45, width: 2, height: 2 })).toBe(true);
  });
});

describe("on a wall", () => {
  it.each(SIZES)(
    "of %i by %i the corners' texts are on the screen, apart from each other and never on the room, however it sways",
    (width, height) => {
      for (const content of [
        { digits: 2, rows: 4 },
        { digits: 5, rows: 6 },
        { digits: 2, rows: 1 },
      ]) {
        const { corners } = placesOn({ width, height }, content);
        for (const [index, box] of corners.entries()) {
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width).toBeLessThanOrEqual(width);
          expect(box.y + box.height).toBeLessThanOrEqual(height);
          for (const other of corners.slice(index + 1)) {
            const apart =
              box.x + box.width <= other.x ||
              other.x + other.width <= box.x ||
              box.y + box.height <= other.y ||
              other.y + other.height <= box.y;
            expect(apart, JSON.stringify([width, height, content, box, other])).toBe(true);
          }
        }
        const free = freeOf({ width, height }, corners);
        for (let turn = -SWAY_MAX; turn <= SWAY_MAX + 1e-9; turn += SWAY_MAX / 8) {
          const aspect = free.width / free.height;
          const framing = framed(aspect, AZIMUTH + turn);
          const outline = hull(
            OUTLINE.map((point) => {
              const [x, y] = projected(point, framing, aspect, AZIMUTH + turn);
              return [free.x + ((x + 1) / 2) * free.width, free.y + ((1 - y) / 2) * free.height] as const;
            }),
          );
          for (const [x, y] of outline) expect(x >= 0 && x <= width && y >= 0 && y <= height).toBe(true);
          for (const box of corners) expect(meets(outline, box)).toBe(false);
        }
        expect((free.width * free.height) / (width * height)).toBeGreaterThan(0.3);
      }
    },
  );
});
