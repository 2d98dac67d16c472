/** A picture that stands for days wears a screen: every ten minutes all of it moves by eight pixels. Pure. */

export const STEP_MS = 600_000;
const STEP_PX = 8;
/** Round a square and through its middle: every step is one of eight pixels along an axis, and nine places are used alike. */
const PLACES = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
] as const;

/** How far all of it is moved at a moment, in CSS pixels. */
export function shiftAt(now: number): readonly [x: number, y: number] {
  const [x, y] = PLACES[Math.floor(now / STEP_MS) % PLACES.length] ?? PLACES[0];
  return [x * STEP_PX, y * STEP_PX];
}
