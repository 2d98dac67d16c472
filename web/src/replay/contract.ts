/**
 * Where a replay comes from: a recording of the server, the same for a guest of a link, or a file that somebody dropped.
 * Moments are milliseconds since 1970 (UTC), as in frames.
 */
import type { View } from "../net/protocol.ts";

/** A moment that one may want to find, as the server notes it (`server/recording/markers.py`): what it has beside these depends on its kind and on the view. */
export interface Marker {
  readonly at: number;
  readonly kind: string;
  readonly [more: string]: unknown;
}

/** A segment: a keyframe, and the diffs up to the next. */
export interface Piece {
  readonly n: number;
  /** From when on, and up to when, it says how the office was. */
  readonly start: number;
  readonly end: number;
  /** The numbers of its first and last frame. */
  readonly first: number;
  readonly last: number;
  /** How large it is as it is stored. */
  readonly bytes: number;
}

/** From one moment to another. */
export type Stretch = readonly [from: number, to: number];

export interface Recorded {
  readonly id: string;
  /** Ticks a second. */
  readonly hz: number;
  readonly started: number;
  /** Absent while the session goes on, or where nobody knows. */
  readonly ended?: number | undefined;
  /** Whether it is still being made: there is an open segment, and more may come. */
  readonly live: boolean;
  readonly view: View;
  /** The office's name. */
  readonly name?: string | undefined;
  readonly markers: readonly Marker[];
  /** Where nothing ran and no one waited to. */
  readonly idle: readonly Stretch[];
  /** Closed segments in the order of their starts. */
  readonly segments: readonly Piece[];
  /** The stretch that a link is locked to. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/**
 * A recording, read piece by piece. What fails, fails as requests do (`Problem`, `Unreachable`), or with a `ReadError`.
 * A signal that is aborted says that nobody waits for the answer any more.
 */
export interface Source {
  about(signal?: AbortSignal): Promise<Recorded>;
  /** The messages of a closed segment, one a line: a keyframe, then diffs. */
  segment(n: number, signal?: AbortSignal): Promise<string>;
  /** The segment that is not closed yet, as far as it goes; absent where there can be none, as in a file. */
  open?(signal?: AbortSignal): Promise<string>;
}
