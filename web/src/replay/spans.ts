/** Which segment says how a moment was, and of which moments none says anything. */
import type { Piece, Stretch } from "./contract.ts";

/**
 * The place in the list of the piece that holds at a moment, and whether it does: else it is the last one before.
 * Where the clock was set back and two overlap, the one that started last holds. Nothing before the first piece.
 */
export function spanAt(pieces: readonly Piece[], at: number): { readonly index: number; readonly known: boolean } | undefined {
  const index = pieces.findLastIndex((piece) => piece.start <= at);
  const piece = pieces[index];
  return piece === undefined ? undefined : { index, known: at <= piece.end };
}

/** Whether a piece goes on where the one before it ended. */
export function follows(before: Piece | undefined, after: Piece): boolean {
  return before !== undefined && before.end >= after.start;
}

/** The stretches that no piece says anything of, between two moments. */
export function missing(pieces: readonly Piece[], [from, to]: Stretch): readonly Stretch[] {
  const found: Stretch[] = [];
  let known = from;
  for (const { start, end } of pieces) {
    if (start > known && known < to) found.push([known, Math.min(start, to)]);
    known = Math.max(known, end);
  }
  if (known < to) found.push([known, to]);
  return found;
}
