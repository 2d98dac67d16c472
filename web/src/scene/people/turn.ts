/** Somebody who changes from one clip to another: when that began and from where, as a function of the course and the moment alone. */
import type { Course } from "../../state/course.ts";
import { stateAt } from "../../state/course.ts";
import { cast, type Role, role } from "./cast.ts";

/** How long the change takes. */
export const TURN_MS = 250;

export interface Turn {
  /** The first whole millisecond of the new clip. */
  at: number;
  /** What they did right before. */
  readonly from: Role;
}

export const turn = (): Turn => ({ at: 0, from: role() });

/** Writes into `out` what somebody did at a moment of the course; false where that is not known. */
function castAt(out: Role, course: Course, index: number, at: number): boolean {
  const desk = stateAt(course, at)?.desks[index];
  if (desk === undefined) return false;
  cast(out, desk, index, at);
  return true;
}

/**
 * Whether somebody who does `clip` now began with it within the last TURN_MS; then `out` says when, and what was before.
 * The moment is looked for by halves, so it is the same one at every render of the change, whenever the first of them was.
 */
export function turning(out: Turn, course: Course, index: number, clip: Role["clip"], now: number): boolean {
  let [before, after] = [Math.floor(now) - TURN_MS, Math.floor(now)];
  if (!castAt(out.from, course, index, before) || out.from.clip === clip) return false;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    castAt(out.from, course, index, middle);
    if (out.from.clip === clip) after = middle;
    else before = middle;
  }
  castAt(out.from, course, index, before);
  out.at = after;
  return true;
}
