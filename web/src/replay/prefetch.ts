/** Which segments are worth having round a moment, the most urgent first. */
import type { Piece } from "./contract.ts";
import { needed } from "./playback.ts";
import { spanAt } from "./spans.ts";

/** So much of real time is fetched ahead while playing. */
const AHEAD_MS = 3_000;
const AHEAD_MAX = 10;

/** @param speed 0 while it stands still: then a step to either side is at hand */
export function wishes(pieces: readonly Piece[], at: number, speed: number): readonly number[] {
  const now = needed(pieces, at).map(({ n }) => n);
  const index = spanAt(pieces, at)?.index ?? -1;
  if (speed === 0) return unique([...now, ...around(pieces, [index + 1, index - 1])]);
  const until = at + speed * AHEAD_MS;
  const ahead = pieces.slice(index + 1).filter((piece, place) => place === 0 || piece.start <= until);
  return unique([...now, ...ahead.slice(0, AHEAD_MAX).map(({ n }) => n)]);
}

function around(pieces: readonly Piece[], places: readonly number[]): readonly number[] {
  return places.flatMap((place) => pieces[place]?.n ?? []);
}

function unique(ns: readonly number[]): readonly number[] {
  return [...new Set(ns)];
}
