/** A recording as far as it is known: what it consists of, asked for again while it is still being made, and its frames as they are needed. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { Problem, Unreachable } from "../net/http.ts";
import type { Shown } from "../state/course.ts";
import type { Piece, Recorded, Source } from "./contract.ts";
import { framesOf } from "./frames.ts";
import { createPieces, type Pieces } from "./pieces.ts";
import type { Frames } from "./playback.ts";

/** The number that stands for the segment that is not closed yet. */
export const OPEN = -1;

export interface Reel {
  readonly recorded: Recorded;
  /** Closed segments that can be had, and the open one after them, in the order of their starts. */
  readonly pieces: readonly Piece[];
}

export interface Tape {
  /** Absent until the first answer. */
  readonly reel: ReadonlySignal<Reel | undefined>;
  readonly trouble: ReadonlySignal<unknown>;
  readonly pieces: Pieces;
  /** The frames of a piece, closed or open, as far as they are here. */
  readonly frames: Frames;
  /** A segment's frames, past the ones that are kept: for whoever looks through all of them. */
  load(n: number, signal: AbortSignal): Promise<readonly Shown[]>;
  /** Ask what it consists of by now. */
  refresh(): Promise<void>;
  close(): void;
}

interface Open {
  readonly piece: Piece;
  readonly frames: readonly Shown[];
}

function opened(frames: readonly Shown[], text: string): Open | undefined {
  const [first, last] = [frames[0], frames.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return { piece: { n: OPEN, start: first.at, end: last.at, first: 0, last: 0, bytes: text.length }, frames };
}

/** The open segment, if there is one; a closed one that has come meanwhile says the same and more. */
async function openOf(source: Source, recorded: Recorded, signal: AbortSignal): Promise<Open | undefined> {
  if (!recorded.live || source.open === undefined) return undefined;
  try {
    const text = await source.open(signal);
    const open = opened(framesOf(text, recorded.hz), text);
    const last = recorded.segments.at(-1);
    return open === undefined || (last !== undefined && open.piece.start < last.start) ? undefined : open;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return undefined;
    throw error;
  }
}

/** @param local a monotone clock of this machine, in milliseconds */
export function createTape(source: Source, local: () => number, arrived: () => void): Tape {
  const told = signal<Reel | undefined>(undefined);
  /** Segments that are there no more, or are no segments: to a viewer the same as if they were not stored. */
  const lost = signal<ReadonlySet<number>>(new Set());
  const reel = computed(() => told.value && { ...told.value, pieces: told.value.pieces.filter(({ n }) => !lost.value.has(n)) });
  const trouble = signal<unknown>(undefined);
  const controller = new AbortController();
  let last: readonly Shown[] | undefined;

  async function load(n: number, signal: AbortSignal): Promise<readonly Shown[]> {
    const recorded = told.peek()?.recorded;
    if (recorded === undefined) throw new Error("expected to know the recording before its segments");
    return framesOf(await source.segment(n, signal), recorded.hz);
  }

  function changed(n: number): void {
    const failure = pieces.failure(n);
    if (failure !== undefined && !(failure instanceof Unreachable)) lost.value = new Set(lost.peek()).add(n);
    arrived();
  }

  const pieces = createPieces({ load, changed, local });

  async function refresh(): Promise<void> {
    try {
      const recorded = await source.about(controller.signal);
      const open = await openOf(source, recorded, controller.signal);
      if (controller.signal.aborted) return;
      last = open?.frames;
      trouble.value = undefined;
      told.value = { recorded, pieces: open === undefined ? recorded.segments : [...recorded.segments, open.piece] };
      arrived();
    } catch (error) {
      if (!controller.signal.aborted) trouble.value = error;
    }
  }

  return {
    reel,
    trouble,
    pieces,
    frames: (n) => (n === OPEN ? last : pieces.peek(n)),
    load,
    refresh,
    close() {
      controller.abort();
      pieces.close();
    },
  };
}
