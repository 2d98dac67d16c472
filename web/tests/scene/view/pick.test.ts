import { describe, expect, it } from "vitest";
import { DESKS, DISPLAY, ROOM, STAIRS } from "../../../../assets/layout.ts";
import { AZIMUTH, axes, PITCH } from "../../../src/scene/view/fit.ts";
import { entered, picked, type Ray } from "../../../src/scene/view/pick.ts";

/** A ray from the camera's side through a point of the room. */
function through(x: number, y: number, z: number): Ray {
  const { back } = axes(AZIMUTH, PITCH);
  return { origin: [x + back[0] * 40, y + back[1] * 40, z + back[2] * 40], direction: [-back[0], -back[1], -back[2]] };
}

const nobody: never[] = [];

describe("pick", () => {
  it("finds each desk by its top", () => {
    for (const [desk, { x, z }] of DESKS.entries()) expect(picked(through(x + 0.3, 0.77, z), nobody)).toEqual({ desk });
  });

  it("finds the stairs and the display", () => {
    expect(picked(through(STAIRS.x, 1.5, ROOM.z0), nobody)).toEqual({ stairs: true });
    expect(picked(through(DISPLAY.x, DISPLAY.y, DISPLAY.z), nobody)).toEqual({ display: true });
  });

  it("finds a worker wherever they stand", () => {
    const away = DESKS.map((_, desk) => ({ x: desk === 4 ? -5.98 : 100, z: desk === 4 ? 1.2 : 100 }));
    expect(picked(through(-5.98, 1.5, 1.2), away)).toEqual({ desk: 4 });
  });

  it("finds nothing beside the room", () => {
    expect(picked(through(-30, 0, 0), nobody)).toBeUndefined();
  });

  it("meets a box from outside, from inside, and not when it points away", () => {
    const box = { low: [0, 0, 0], high: [1, 1, 1] } as const;
    expect(entered({ origin: [0.5, 0.5, 5], direction: [0, 0, -1] }, box)).toBe(4);
    expect(entered({ origin: [0.5, 0.5, 0.5], direction: [0, 0, -1] }, box)).toBe(0);
    expect(entered({ origin: [0.5, 0.5, 5], direction: [0, 0, 1] }, box)).toBeUndefined();
    expect(entered({ origin: [2, 0.5, 5], direction: [0, 0, -1] }, box)).toBeUndefined();
  });
});
