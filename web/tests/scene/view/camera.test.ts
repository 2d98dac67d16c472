import { Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { DESK, DESKS, DISPLAY, SEAT_TO_DESK } from "../../../../assets/layout.ts";
import { cameraRig, FIT_MS, FOLLOW_ZOOM, ZOOM_MAX } from "../../../src/scene/view/camera.ts";
import { OUTLINE } from "../../../src/scene/view/fit.ts";
import { chance } from "../../random.ts";

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

/** All there must be room for: desks with what stands on them, people who throw up their arms, the wall display. */
const MUST_BE_SEEN = [
  ...DESKS.flatMap(({ x, z }) =>
    [-1, 1].flatMap((side) => [
      ...[-1, 1].map((end) => [x + (side * DESK.width) / 2, 1.4, z + (end * DESK.depth) / 2] as const),
      [x + side * 0.45, 2.45, z - SEAT_TO_DESK] as const,
      [x + side * 0.45, 0, z - SEAT_TO_DESK] as const,
    ]),
  ),
  ...[-1, 1].flatMap((side) =>
    [-1, 1].map((end) => [DISPLAY.x + (side * DISPLAY.width) / 2, DISPLAY.y + (end * DISPLAY.height) / 2, DISPLAY.z] as const),
  ),
];

function onPage({ camera }: ReturnType<typeof cameraRig>, point: readonly [number, number, number], width: number, height: number) {
  const at = new Vector3(...point).project(camera);
  return { x: ((at.x + 1) * width) / 2, y: ((1 - at.y) * height) / 2 };
}

describe("camera", () => {
  it.each(Array.from({ length: 60 }, (_, index) => index + 1))(
    "has everybody, all desks and the display in any rectangle of any window, however it is turned (seed %i)",
    (seed) => {
      const random = chance(seed);
      const [width, height] = [240 + random.below(2400), 200 + random.below(1600)];
      const free = {
        x: random.below(width / 3),
        y: random.below(height / 3),
        width: 60 + random.below(width / 2),
        height: 60 + random.below(height / 2),
      };
      const made = cameraRig(() => 0);
      made.resize(width, height);
      made.fit(free, false);
      made.orbit((random.next() - 0.5) * 2, (random.next() - 0.5) * 2);
      for (const point of MUST_BE_SEEN) {
        const { x, y } = onPage(made, point, width, height);
        expect(x).toBeGreaterThanOrEqual(free.x);
        expect(x).toBeLessThanOrEqual(free.x + free.width);
        expect(y).toBeGreaterThanOrEqual(free.y);
        expect(y).toBeLessThanOrEqual(free.y + free.height);
      }
    },
  );

  it("goes with somebody, who stays in the middle of the free rectangle while they walk", () => {
    const now = { at: 1000 };
    const made = rig(now);
    made.follow({ x: -1, z: 1.2 }, true);
    expect(made.moving()).toBe(true);
    now.at += FIT_MS;
    made.advance(now.at);
    const middle = { x: FREE.x + FREE.width / 2, y: FREE.y + FREE.height / 2 };
    const seenAt = (x: number, z: number) => onPage(made, [x, 1.1, z], 1440, 900);
    expect(made.camera.zoom).toBe(FOLLOW_ZOOM);
    expect(seenAt(-1, 1.2).x).toBeCloseTo(middle.x, 0);
    expect(seenAt(-1, 1.2).y).toBeCloseTo(middle.y, 0);
    for (let step = 1; step <= 100; step++) {
      made.track(-1 + step * 0.02, 1.2 - step * 0.01);
      now.at += 16;
      made.advance(now.at);
      const { x, y } = seenAt(-1 + step * 0.02, 1.2 - step * 0.01);
      expect(Math.hypot(x - middle.x, y - middle.y)).toBeLessThan(60);
    }
    for (let step = 0; step < 100; step++) {
      now.at += 16;
      made.advance(now.at);
    }
    expect(made.moving()).toBe(false);
    expect(seenAt(1, 0.2).x).toBeCloseTo(middle.x, 0);
  });

  it("rests while whoever it follows sits still", () => {
    const now = { at: 1000 };
    const made = rig(now);
    made.follow({ x: 0, z: 0 }, true);
    now.at += FIT_MS;
    made.advance(now.at);
    const before = made.revision();
    made.track(0, 0);
    now.at += 16;
    made.advance(now.at);
    expect(made.revision()).toBe(before);
  });

  it("cuts to whoever it follows where little motion was asked for", () => {
    const made = rig();
    made.follow({ x: 2, z: 1 }, false);
    expect(made.moving()).toBe(false);
    made.track(-2, 1);
    made.advance(5);
    expect(made.moving()).toBe(false);
    expect(onPage(made, [-2, 1.1, 1], 1440, 900).x).toBeCloseTo(FREE.x + FREE.width / 2, 0);
  });

  it("lets go of whom it followed when it goes home, and stays where it is when it is let go of", () => {
    const made = rig();
    made.follow({ x: 2, z: 1 }, false);
    made.follow(undefined, false);
    const kept = made.camera.zoom;
    made.track(-3, 0);
    made.advance(5);
    expect(made.camera.zoom).toBe(kept);
    made.home(false);
    expect(made.camera.zoom).toBe(1);
    expect(inside(seen(made), FREE)).toBe(true);
  });

  it("is moved by hand only within the room's own frame, and no nearer than its most", () => {
    const made = rig();
    made.pan(400, 300);
    expect(inside(seen(made), FREE)).toBe(true);
    made.zoom(100, 500, 400);
    expect(made.camera.zoom).toBe(ZOOM_MAX);
    const before = onPage(made, [0, 0, 0], 1440, 900);
    made.pan(30, -20);
    const after = onPage(made, [0, 0, 0], 1440, 900);
    expect([after.x - before.x, after.y - before.y].map(Math.round)).toEqual([30, -20]);
  });

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
