/** Somebody who changes from one clip to another: when that began and from where, as a function of the course and the moment alone. */
import { When } from "../../../../assets/people/poses/joints.ts";
import type { Course } from "../../state/course.ts";
import { stateAt } from "../../state/course.ts";
import { cast, type Role, role } from "./cast.ts";

/** How long the change takes. */
export const TURN_MS = 250;

export interface Turn {
  /** The first whole millisecond of what is new. */
  at: number;
  /** What they did right before. */
  readonly from: Role;
}

export const turn = (): Turn => ({ at: 0, from: role() });

/** Writes into `out` what somebody did at a moment of the course; false where that is not known. */
function castAt(out: Role, course: Course, index: number): boolean {
  const desk = stateAt(course, then)?.desks[index];
  if (desk === undefined) return false;
  cast(out, desk, index, then);
  return true;
}

/** The moment that is looked at. */
const then = new When();

/** Somebody called back turns round on the spot: the same clip, another goal. */
const goesOn = (before: Role, now: Role): boolean => before.clip === now.clip && before.goal === now.goal;

/**
 * Whether what somebody does now is something else than within the last TURN_MS; then `out` says since when, and what was before.
 * The moment is looked for by halves, so it is the same one at every render of the change, whenever the first of them was.
 */
export function turning(out: Turn, course: Course, index: number, doing: Role, now: When): boolean {
  let after = Math.floor(now.at);
  let before = after - TURN_MS;
  then.at = before;
  if (!castAt(out.from, course, index) || goesOn(out.from, doing)) return false;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    then.at = middle;
    castAt(out.from, course, index);
    if (goesOn(out.from, doing)) after = middle;
    else before = middle;
  }
  then.at = before;
  castAt(out.from, course, index);
  out.at = after;
  return true;
}
