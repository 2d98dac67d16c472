/** Which sound belongs to which change of the office, and when it may be heard. Pure; nothing sounds unless it was asked for. */
import type { OfficeState } from "../../state/office.ts";
import { ended } from "../facts.ts";

export type Note = "chime" | "low";

/** Between two of a kind: ten failures in one moment are one note, and a run of short batches is no fanfare. */
export const PAUSE_MS: Readonly<Record<Note, number>> = { chime: 4_000, low: 6_000 };
/** So many working people are as loud as it gets. */
const CROWD = 20;

export interface Score {
  readonly last: Readonly<Record<Note, number>>;
}

export const UNPLAYED: Score = { last: { chime: Number.NEGATIVE_INFINITY, low: Number.NEGATIVE_INFINITY } };

/** Batches that have ended between two states. A cancelled one is nobody's success, and was ended by somebody who knows. */
export function endedBetween(before: OfficeState, after: OfficeState): readonly string[] {
  if (before.batches === after.batches) return [];
  return Object.entries(after.batches).flatMap(([id, batch]) => {
    const was = before.batches[id];
    return was !== undefined && !ended(was) && batch.state === "done" ? [id] : [];
  });
}

/** Tasks that have failed for good between two states, seated or not. */
export function failedBetween(before: OfficeState, after: OfficeState): number {
  if (before.batches === after.batches) return 0;
  return Object.entries(after.batches).reduce((sum, [id, batch]) => {
    const was = before.batches[id];
    return was === undefined ? sum : sum + Math.max(0, batch.failed - was.failed);
  }, 0);
}

function due(score: Score, note: Note, now: number): boolean {
  return now - score.last[note] >= PAUSE_MS[note];
}

/**
 * The notes of a change; in a hidden tab the chime alone, for somebody may wait for it.
 * @param now a monotone clock, in milliseconds
 */
export function notesOf(
  score: Score,
  before: OfficeState,
  after: OfficeState,
  now: number,
  hidden: boolean,
): readonly [Score, readonly Note[]] {
  const wanted: Note[] = [];
  if (endedBetween(before, after).length > 0) wanted.push("chime");
  else if (!hidden && failedBetween(before, after) > 0) wanted.push("low");
  const notes = wanted.filter((note) => due(score, note, now));
  if (notes.length === 0) return [score, notes];
  return [{ last: { ...score.last, ...Object.fromEntries(notes.map((note) => [note, now])) } }, notes];
}

/** How loud the murmur is, 0 to 1: nothing where nobody works, and each further person adds less than the one before. */
export function murmurOf(state: OfficeState | undefined, hidden: boolean): number {
  const working = state?.office.running ?? 0;
  if (hidden || working <= 0) return 0;
  return Math.min(1, Math.log2(1 + working) / Math.log2(1 + CROWD));
}
