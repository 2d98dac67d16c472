/** How a wall's camera sways: ten degrees to either side, there and back in four minutes. A function of the moment. */

const LEAN_MAX = (10 * Math.PI) / 180;
const ROUND_MS = 240_000;

/** The angle at a moment, in radians from where the camera stands otherwise. */
export function leanAt(now: number): number {
  return LEAN_MAX * Math.sin(((now % ROUND_MS) / ROUND_MS) * 2 * Math.PI);
}
