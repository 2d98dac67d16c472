import { Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { cameraRig, FIT_MS } from "../../../src/scene/view/camera.ts";
import { OUTLINE } from "../../../src/scene/view/fit.ts";

const FREE = { x: 16, y: 64, width: 1040, height: 820 };

function rig(now = { at: 0 }) {
  const made = cameraRig(() => now.at);
  made.resize(1440, 900);
  made.fit(FREE, false);
  return made;
}

/** Where the room's outline falls on the page. */
function seen({ camera }: ReturnType<typeof rig>, width = 1440, height = 900) {
  camera.updateMatrixWorld();
  return OUTLINE.map((point) => {
    const at = new Vector3(...point).project(camera);
    return { x: ((at.x + 1) * width) / 2, y: ((1 - at.y) * height) / 2 };
  });
}

const inside = (points: ReturnType<typeof seen>, { x, y, width, height }: typeof FREE) =>
  points.every((point) => point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + height);

describe("camera", () => {
  it("fits the room into the free part of a canvas that fills the page", () => {
    const made = rig();
    expect(inside(seen(made), FREE)).toBe(true);
    made.fit({ x: 16, y: 64, width: 660, height: 820 }, false);
    expect(inside(seen(made), { x: 16, y: 64, width: 660, height: 820 })).toBe(true);
  });

  it("eases to a new rectangle within its time and then rests", () => {
    const now = { at: 1000 };
    const made = rig(now);
    made.fit({ ...FREE, width: 660 }, true);
    expect(made.moving()).toBe(true);
    expect(inside(seen(made), FREE)).toBe(true);
    made.advance(1000 + FIT_MS);
    expect(made.moving()).toBe(false);
    expect(inside(seen(made), { ...FREE, width: 660 })).toBe(true);
  });

  it("turns at most 35 degrees either way and comes home", () => {
    const made = rig();
    const home = made.camera.position.clone();
    made.orbit(-10, 0);
    const turned = Math.atan2(made.camera.position.x, made.camera.position.z);
    expect(turned).toBeLessThan(((33 + 35 + 6) * Math.PI) / 180);
    expect(inside(seen(made), FREE)).toBe(true);
    made.home(false);
    expect(made.camera.position.distanceTo(home)).toBeLessThan(1e-6);
  });

  it("zooms to what is under the cursor and never out of the room's own frame", () => {
    const made = rig();
    const point = OUTLINE[3] ?? [0, 0, 0];
    const before = seen(made)[3] ?? { x: 0, y: 0 };
    made.zoom(1.7, before.x, before.y);
    const after = seen(made)[3] ?? { x: 0, y: 0 };
    expect(after.x).toBeCloseTo(before.x, 0);
    expect(after.y).toBeCloseTo(before.y, 0);
    made.zoom(0.01, 0, 0);
    expect(inside(seen(made), FREE)).toBe(true);
    expect(point).toHaveLength(3);
  });

  it("counts a revision for every change of the picture, and none without", () => {
    const made = rig();
    const first = made.revision();
    made.advance(99_999);
    expect(made.revision()).toBe(first);
    made.orbit(0.1, 0);
    expect(made.revision()).toBeGreaterThan(first);
  });
});
