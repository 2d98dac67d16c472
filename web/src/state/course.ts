/**
 * The states of the last moments, oldest first: what the room needs to draw a moment as it is, and not as whoever came there
 * happened to come. Somebody who sits down takes a quarter of a second for it, and only what was before tells from where.
 */
import type { OfficeState } from "./office.ts";

export interface Shown {
  /** From when on the office was so, in milliseconds since the epoch. */
  readonly at: number;
  readonly state: OfficeState;
}

/** At least one; the last is what is shown. */
export type Course = readonly Shown[];

/** How far back a course goes, at least, if so much is known. */
export const COURSE_MS = 500;

/** The course with one state more. One that is older than what is there begins it anew: time was set back, or another began. */
export function grown(course: Course, next: Shown): Course {
  const last = course.at(-1);
  if (last === undefined || next.at < last.at) return [next];
  const kept = last.at === next.at ? course.slice(0, -1) : course;
  const first = kept.findLastIndex(({ at }) => at <= next.at - COURSE_MS);
  return [...kept.slice(Math.max(0, first)), next];
}

/** How the office was at a moment, in milliseconds; nothing before the first state. */
export function stateAt(course: Course, { at }: { readonly at: number }): OfficeState | undefined {
  for (let index = course.length - 1; index >= 0; index -= 1) {
    const shown = course[index];
    if (shown !== undefined && shown.at <= at) return shown.state;
  }
  return undefined;
}
