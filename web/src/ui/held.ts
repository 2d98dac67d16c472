/** A note stays long enough to be read, however quickly a task writes the next one. Pure. */

export const NOTE_MS_LEAST = 3_000;

export interface Held {
  readonly note: string;
  /** What it is a note of: another execution's note, or what became of it, does not wait. */
  readonly of: string;
  /** From which shown moment on, in milliseconds since the epoch. */
  readonly since: number;
}

/** @param before what is shown now */
export function held(before: Held | undefined, note: string, of: string, at: number): Held {
  const anew = before === undefined || before.of !== of || at < before.since;
  if (!anew && (before.note === note || at - before.since < NOTE_MS_LEAST)) return before;
  return { note, of, since: at };
}
