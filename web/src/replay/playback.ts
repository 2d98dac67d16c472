/** How the office was at a moment: the same answer for the same moment, whatever was looked at before. */
import { COURSE_MS, type Course, type Shown } from "../state/course.ts";
import type { Piece } from "./contract.ts";
import { frameAt } from "./frames.ts";
import { follows, spanAt } from "./spans.ts";

/** The frames of a piece, as far as they are here. */
export type Frames = (n: number) => readonly Shown[] | undefined;

export type Look =
  /** `known` is false where nothing was stored: then it is how the office was last. */
  | { readonly kind: "shown"; readonly course: Course; readonly known: boolean }
  /** These pieces have to come first. */
  | { readonly kind: "wants"; readonly pieces: readonly number[] };

const NOTHING: Look = { kind: "shown", course: [], known: false };

/** The pieces that a moment is made of: its own, and the one before it for what was half a second ago. */
export function needed(pieces: readonly Piece[], at: number): readonly Piece[] {
  const span = spanAt(pieces, at);
  const piece = span && pieces[span.index];
  if (span === undefined || piece === undefined) return [];
  const before = pieces[span.index - 1];
  return span.known && before !== undefined && at - piece.start < COURSE_MS && follows(before, piece) ? [before, piece] : [piece];
}

function tail(frames: readonly Shown[], at: number): Course {
  const last = frameAt(frames, at);
  const first = Math.max(0, frameAt(frames, at - COURSE_MS));
  return frames.slice(first, last + 1);
}

/** @param at a moment in whole milliseconds */
export function look(pieces: readonly Piece[], frames: Frames, at: number): Look {
  const wanted = needed(pieces, at);
  const lacking = wanted.filter((piece) => frames(piece.n) === undefined);
  if (lacking.length > 0) return { kind: "wants", pieces: lacking.map(({ n }) => n) };
  const own = wanted.at(-1);
  if (own === undefined) return NOTHING;
  const known = at <= own.end;
  const here = frames(own.n) ?? [];
  if (!known) return { kind: "shown", course: here.slice(-1), known };
  const before = wanted.length > 1 ? (frames((wanted[0] as Piece).n) ?? []) : [];
  const joined = before.filter((frame) => frame.at < (here[0]?.at ?? at)).concat(here);
  return { kind: "shown", course: tail(joined, at), known };
}

/** The moment of the next frame after, or the last before, a moment; of a piece that is not here yet, its edge. */
export function neighbour(pieces: readonly Piece[], frames: Frames, at: number, direction: 1 | -1): number | undefined {
  const order = direction > 0 ? pieces : pieces.toReversed();
  for (const piece of order) {
    if (direction > 0 ? piece.end <= at : piece.start >= at) continue;
    const found = within(piece, frames(piece.n), at, direction);
    if (found !== undefined) return found;
  }
  return undefined;
}

function within(piece: Piece, frames: readonly Shown[] | undefined, at: number, direction: 1 | -1): number | undefined {
  if (direction > 0) return frames === undefined ? edge(piece.start, piece.end, at) : frames.find((frame) => frame.at > at)?.at;
  return frames === undefined ? Math.min(piece.end, at - 1) : frames.findLast((frame) => frame.at < at)?.at;
}

function edge(start: number, end: number, at: number): number {
  return start > at ? start : end;
}
