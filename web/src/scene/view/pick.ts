/** What a person points at: boxes round desks, workers, stairs and display, met by a ray. Pure. */
import { DESK, DESKS, DISPLAY, ROOM, SEAT_TO_DESK, STAIRS } from "../../../../assets/layout.ts";
import type { Target } from "../contract.ts";

export interface Ray {
  readonly origin: readonly [number, number, number];
  readonly direction: readonly [number, number, number];
}

export interface Box {
  readonly low: readonly [number, number, number];
  readonly high: readonly [number, number, number];
}

const AXES = [0, 1, 2] as const;

/** How far along the ray it enters the box; undefined when it passes by. */
export function entered(ray: Ray, { low, high }: Box): number | undefined {
  let [near, far] = [0, Number.POSITIVE_INFINITY];
  for (const axis of AXES) {
    const [from, step] = [ray.origin[axis], ray.direction[axis]];
    const [a, b] = [(low[axis] - from) / step, (high[axis] - from) / step];
    if (Math.abs(step) < 1e-9) {
      if (from < low[axis] || from > high[axis]) return undefined;
      continue;
    }
    near = Math.max(near, Math.min(a, b));
    far = Math.min(far, Math.max(a, b));
  }
  return near <= far ? near : undefined;
}

const around = (x: number, z: number, w: number, d: number, low: number, high: number): Box => ({
  low: [x - w, low, z - d],
  high: [x + w, high, z + d],
});

const deskBoxes = DESKS.flatMap(({ x, z }, desk) => [
  { box: around(x, z, DESK.width / 2, DESK.depth / 2, 0, 1.4), target: { desk } },
  { box: around(x, z - SEAT_TO_DESK, 0.4, 0.45, 0, 1.3), target: { desk } },
]);

const fixed: ReadonlyArray<{ readonly box: Box; readonly target: Target }> = [
  ...deskBoxes,
  { box: around(STAIRS.x, ROOM.z0, STAIRS.width / 2 + 0.1, 0.3, 0, STAIRS.sign + 0.3), target: { stairs: true } },
  {
    box: around(DISPLAY.x, ROOM.z0, DISPLAY.width / 2, 0.2, DISPLAY.y - DISPLAY.height / 2, DISPLAY.y + DISPLAY.height / 2),
    target: { display: true },
  },
];

/** The nearest thing on the ray; `workers` are where people stand now, by desk. */
export function picked(ray: Ray, workers: ReadonlyArray<{ readonly x: number; readonly z: number }>): Target | undefined {
  const people = workers.map(({ x, z }, desk) => ({ box: around(x, z, 0.38, 0.38, 0, 1.9), target: { desk } }));
  let best: { far: number; target: Target } | undefined;
  for (const { box, target } of [...people, ...fixed]) {
    const far = entered(ray, box);
    if (far !== undefined && far < (best?.far ?? Number.POSITIVE_INFINITY)) best = { far, target };
  }
  return best?.target;
}
