/** How far a task is at a moment, from the one report the state carries: the arithmetic of `simulation/progress.py`, word for word. */
import type { Progress } from "./office.ts";

/** An estimated bar stops here: nobody has said that the work is done. */
const ESTIMATED_PERMILLE_MAX = 950;

/** Where the bar stands at a moment of the server's time, 0 to 1000. */
export function drawn([at, permille, remaining, reported]: Progress, now: number): number {
  const most = reported === 1 ? 1000 : ESTIMATED_PERMILLE_MAX;
  if (remaining <= 0) return most;
  const line = permille + Math.floor(((1000 - permille) * Math.max(0, now - at)) / remaining);
  return Math.min(most, line);
}

/** How many milliseconds it still takes at a moment. */
export function left([at, , remaining]: Progress, now: number): number {
  return Math.max(0, remaining - Math.max(0, now - at));
}
