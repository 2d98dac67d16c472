/** Where a replay stands and goes: clamping, speeds, what is leapt over, markers. Pure arithmetic on moments in milliseconds. */
import type { Marker, Piece, Recorded, Stretch } from "./contract.ts";

export const SPEEDS = [0.5, 1, 2, 4, 8, 16, 32, 64] as const;
export type Speed = (typeof SPEEDS)[number];

/** The speed nearest to a wish, for a link that somebody wrote by hand. */
export function speedNear(wish: number): Speed {
  return SPEEDS.reduce((best, speed) => (Math.abs(Math.log(speed / wish)) < Math.abs(Math.log(best / wish)) ? speed : best), 1 as Speed);
}

export function faster(speed: Speed, by: 1 | -1): Speed {
  return SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, SPEEDS.indexOf(speed) + by))] ?? speed;
}

/** A session ends an hour after its last work; of that hour so much is shown. */
export const TAIL_MS = 10_000;

function lastMoment(recorded: Recorded, pieces: readonly Piece[]): number {
  return pieces.reduce((last, { end }) => Math.max(last, end), recorded.ended ?? recorded.started);
}

/** Where nothing ran, the stretch that still goes on included: that one is not in the list yet, but the last count says so. */
export function idleOf(recorded: Recorded, pieces: readonly Piece[]): readonly Stretch[] {
  const last = recorded.markers.findLast(({ kind }) => kind === "tally");
  const [since, end] = [Number(last?.["to"] ?? 0), lastMoment(recorded, pieces)];
  const rests = last?.["running"] === 0 && end - since >= TAIL_MS && !recorded.idle.some(([, to]) => to > since);
  return rests ? [...recorded.idle, [since, end]] : recorded.idle;
}

/** From the first moment that can be shown to the last that anybody would want to see. */
export function boundsOf(recorded: Recorded, pieces: readonly Piece[]): Stretch {
  const from = Math.max(recorded.from ?? 0, pieces[0]?.start ?? recorded.started);
  const end = lastMoment(recorded, pieces);
  const [quiet, until] = idleOf(recorded, pieces).at(-1) ?? [end, 0];
  const seen = until >= end ? Math.min(end, quiet + TAIL_MS) : end;
  return [from, Math.max(from, Math.min(recorded.to ?? seen, end))];
}

export function clamped(at: number, [from, to]: Stretch): number {
  return Math.min(to, Math.max(from, Math.round(at)));
}

/** So much of an idle stretch is played before the rest is leapt over, and after: one sees that all went quiet, and who comes back. */
export const LEAD_MS = 2_000;

/** What is leapt over while playing: idle stretches but for their edges, and what is not stored. In order, none touches another. */
export function leaps(idle: readonly Stretch[], missing: readonly Stretch[]): readonly Stretch[] {
  const quiet = idle.map(([from, to]): Stretch => [from + LEAD_MS, to - LEAD_MS]).filter(([from, to]) => from < to);
  const joined: Stretch[] = [];
  for (const [from, to] of [...quiet, ...missing].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = joined.at(-1);
    if (last === undefined || from > last[1]) joined.push([from, to]);
    else joined[joined.length - 1] = [last[0], Math.max(last[1], to)];
  }
  return joined;
}

export interface Way {
  readonly bounds: Stretch;
  /** Empty where all is played. */
  readonly leaps: readonly Stretch[];
  readonly loop: boolean;
}

export interface Place {
  readonly at: number;
  /** It has come to the end, and does not begin anew. */
  readonly over: boolean;
}

/** Where playing comes to from a moment in so many milliseconds of the recording. */
export function played(at: number, by: number, { bounds, leaps: over, loop }: Way): Place {
  let [here, rest] = [at, by];
  for (const [from, to] of over) {
    if (to <= here) continue;
    if (here + rest < from) break;
    rest -= Math.max(0, from - here);
    here = to;
  }
  const there = here + rest;
  if (there < bounds[1]) return { at: Math.max(bounds[0], there), over: false };
  return loop ? { at: bounds[0], over: false } : { at: bounds[1], over: true };
}

/** What one leaps to: everything but counts. */
export function isMoment(marker: Marker): boolean {
  return marker.kind !== "tally";
}

/** Whoever plays on past a marker means the one before it for so long. */
export const GRACE_MS = 1_000;

/**
 * The moment of the next marker, or of the previous one.
 * @param grace how far behind a marker still counts as being at it
 */
export function markerFrom(markers: readonly Marker[], at: number, direction: 1 | -1, grace = 0): number | undefined {
  const moments = markers.filter(isMoment).map((marker) => marker.at);
  if (direction > 0) return moments.find((moment) => moment > at);
  return moments.findLast((moment) => moment < at - grace);
}

/** A moment of a link: seconds from the start, or milliseconds since 1970 where it is that large. */
export function momentOf(written: string | null, started: number): number | undefined {
  if (written === null || !/^\d{1,15}(\.\d{1,6})?$/.test(written)) return undefined;
  const value = Number(written);
  return value >= 1e11 ? Math.round(value) : started + Math.round(value * 1_000);
}

export function written(at: number, started: number): string {
  return String(Math.max(0, at - started) / 1_000);
}
