import { describe, expect, it } from "vitest";
import { DESK, DESKS, SEAT_TO_DESK } from "../../../../assets/layout.ts";
import { AZIMUTH, axes, framed, OUTLINE, PITCH, projected } from "../../../src/scene/view/fit.ts";

const ASPECTS = [0.35, 0.46, 0.6, 0.8, 0.9069, 1, 1.25, 1.333, 1.6, 1.778, 2.2, 3.5, 6];
const TURNS = [-35, -20, 0, 20, 35].map((degrees) => (degrees * Math.PI) / 180);
const MARGIN = 0.03;

/** The corners of everything at a desk: its top, its foot, and who sits there. */
const deskPoints = DESKS.flatMap(({ x, z }) => [
  ...[-1, 1].flatMap((side) => [-1, 1].map((end) => [x + (side * DESK.width) / 2, DESK.top, z + (end * DESK.depth) / 2] as const)),
  [x, 2.1, z - SEAT_TO_DESK] as const,
  [x, 0, z] as const,
]);

describe("fit", () => {
  it.each(ASPECTS)("shows all ten desks and the whole room at an aspect of %f, however it is turned", (aspect) => {
    for (const turn of TURNS) {
      const azimuth = AZIMUTH + turn;
      const framing = framed(aspect, azimuth, PITCH, MARGIN);
      for (const point of [...OUTLINE, ...deskPoints]) {
        const [x, y] = projected(point, framing, aspect, azimuth, PITCH);
        expect(Math.abs(x)).toBeLessThanOrEqual(1 - MARGIN + 0.002);
        expect(Math.abs(y)).toBeLessThanOrEqual(1 - MARGIN + 0.002);
      }
    }
  });

  it.each(ASPECTS)("wastes no room: the outline touches two opposite margins at an aspect of %f", (aspect) => {
    const framing = framed(aspect, AZIMUTH, PITCH, MARGIN);
    const seen = OUTLINE.map((point) => projected(point, framing, aspect));
    const reach = (axis: 0 | 1) =>
      [Math.min(...seen.map((p) => p[axis])), Math.max(...seen.map((p) => p[axis]))].map((value) => Math.abs(value ?? 0));
    const full = (pair: number[]) => pair.every((value) => value > 1 - MARGIN - 0.01);
    expect(full(reach(0)) || full(reach(1))).toBe(true);
  });

  it("keeps the whole room before the far plane", () => {
    const { target, distance, far } = framed(1.6);
    const { back } = axes(AZIMUTH, PITCH);
    for (const [x, y, z] of OUTLINE) {
      const depth = distance - ((x - target[0]) * back[0] + (y - target[1]) * back[1] + (z - target[2]) * back[2]);
      expect(depth).toBeGreaterThan(0);
      expect(depth).toBeLessThan(far);
    }
  });

  it("has axes at right angles", () => {
    const { right, up, back } = axes(0.7, 0.5);
    for (const [a, b] of [
      [right, up],
      [up, back],
      [back, right],
    ] as const)
      expect(a[0] * b[0] + a[1] * b[1] + a[2] * b[2]).toBeCloseTo(0);
  });
});
