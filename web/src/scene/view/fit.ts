/** Where the camera stands so that the whole room fills a rectangle: pure geometry, no renderer. */
import { ROOM } from "../../../../assets/layout.ts";

export const LENS_DEGREES = 19;
export const AZIMUTH = (33 * Math.PI) / 180;
export const PITCH = (33 * Math.PI) / 180;
/** The half height of a picture one metre away. */
const TALL = Math.tan((LENS_DEGREES * Math.PI) / 360);

export interface Framing {
  readonly target: readonly [number, number, number];
  readonly distance: number;
  readonly far: number;
}

type Point = readonly [number, number, number];

const { x0, x1, z0, z1, height } = ROOM;
const corners = (xs: readonly number[], ys: readonly number[], zs: readonly number[]): Point[] =>
  xs.flatMap((x) => ys.flatMap((y) => zs.map((z): Point => [x, y, z])));

/** The corners of all there is to see: the slab, and the tops of the two walls. */
export const OUTLINE: readonly Point[] = [
  ...corners([x0 - 0.35, x1 + 0.35], [-0.5, 0], [z0 - 0.35, z1 + 0.35]),
  ...corners([x0 - 0.3, x1 + 0.1], [height + 0.08], [z0 - 0.3]),
  [x0 - 0.3, height + 0.08, z1 + 0.1],
];

/** Right, up and back of a camera that looks at the room from `azimuth` and `pitch`. */
export function axes(azimuth: number, pitch: number): { right: Point; up: Point; back: Point } {
  const [sa, ca, sp, cp] = [Math.sin(azimuth), Math.cos(azimuth), Math.sin(pitch), Math.cos(pitch)];
  return { right: [ca, 0, -sa], up: [-sa * sp, cp, -ca * sp], back: [sa * cp, sp, ca * cp] };
}

const dot = (a: Point, b: Point): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** The outline as the camera sees it, and what it says of itself: kept, for a wall's camera is framed anew at every render. */
const [across, upward, near] = [new Float64Array(OUTLINE.length), new Float64Array(OUTLINE.length), new Float64Array(OUTLINE.length)];
const middle = new (class {
  x = 0.5;
  y = 0.5;
  distance = 0.5;
})();

function look(azimuth: number, pitch: number): void {
  const { right, up, back } = axes(azimuth, pitch);
  for (let index = 0; index < OUTLINE.length; index++) {
    const point = OUTLINE[index] as Point;
    across[index] = dot(point, right);
    upward[index] = dot(point, up);
    near[index] = dot(point, back);
  }
}

/** The smallest distance at which everything is within `wide` and `tall`, the half sizes of a picture one metre away. */
function stepBack(wide: number, tall: number): void {
  middle.distance = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < OUTLINE.length; index++) {
    const z = near[index] ?? 0;
    const x = z + Math.abs((across[index] ?? 0) - middle.x) / wide;
    const y = z + Math.abs((upward[index] ?? 0) - middle.y) / tall;
    middle.distance = Math.max(middle.distance, x, y);
  }
}

/** Moves the middle to where as much lies on either side of it. */
function centre(): void {
  let left = Number.POSITIVE_INFINITY;
  let low = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < OUTLINE.length; index++) {
    const depth = middle.distance - (near[index] ?? 0);
    const x = ((across[index] ?? 0) - middle.x) / depth;
    const y = ((upward[index] ?? 0) - middle.y) / depth;
    left = Math.min(left, x);
    right = Math.max(right, x);
    low = Math.min(low, y);
    high = Math.max(high, y);
  }
  middle.x += ((left + right) / 2) * middle.distance;
  middle.y += ((low + high) / 2) * middle.distance;
}

/**
 * Centres the outline in a picture of `aspect` (width over height) and takes the smallest distance at which it fits
 * with `margin` (a share of half the picture) left free on every side.
 */
export function framed(aspect: number, azimuth = AZIMUTH, pitch = PITCH, margin = 0.03): Framing {
  look(azimuth, pitch);
  Object.assign(middle, { x: 0, y: 0.6, distance: 40 });
  for (let round = 0; round < 12; round++) {
    stepBack(TALL * aspect * (1 - margin), TALL * (1 - margin));
    centre();
  }
  const { right, up } = axes(azimuth, pitch);
  const { x, y, distance } = middle;
  const target: Point = [right[0] * x + up[0] * y, up[1] * y, right[2] * x + up[2] * y];
  return { target, distance, far: (distance - Math.min(...near)) * 1.15 };
}

export interface Seen {
  x: number;
  y: number;
}

/** Writes where a point of the room falls in the picture: -1 to 1 both ways, x to the right and y upwards. Allocates nothing. */
export function seenAt(out: Seen, x: number, y: number, z: number, framing: Framing, aspect: number, azimuth: number, pitch: number): void {
  const sa = Math.sin(azimuth);
  const ca = Math.cos(azimuth);
  const sp = Math.sin(pitch);
  const cp = Math.cos(pitch);
  const dx = x - framing.target[0];
  const dy = y - framing.target[1];
  const dz = z - framing.target[2];
  const depth = framing.distance - (dx * sa * cp + dy * sp + dz * ca * cp);
  out.x = (dx * ca - dz * sa) / (depth * TALL * aspect);
  out.y = (dy * cp - (dx * sa + dz * ca) * sp) / (depth * TALL);
}

/** Where a point of the room falls in the picture, as a pair. */
export function projected(point: Point, framing: Framing, aspect: number, azimuth = AZIMUTH, pitch = PITCH): readonly [number, number] {
  const seen = { x: 0, y: 0 };
  seenAt(seen, ...point, framing, aspect, azimuth, pitch);
  return [seen.x, seen.y];
}
