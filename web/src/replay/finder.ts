/** Looks through a whole recording, segment by segment, for what happened; what was looked through once is known from then on. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Shown } from "../state/course.ts";
import type { Piece } from "./contract.ts";
import { type Happening, happeningsIn } from "./happenings.ts";
import { follows } from "./spans.ts";

/** So many are remembered: a busy day has some fifty thousand. */
export const HAPPENINGS_MAX = 100_000;
/** So many segments are read at once. */
const READING_MAX = 2;
/** What was found is told after so many segments: putting a day of it together takes a while. */
const TOLD_EVERY = 16;

export interface Progress {
  readonly read: number;
  readonly of: number;
  /** Segments that did not come. */
  readonly failed: number;
  /** There was more than is remembered. */
  readonly full: boolean;
}

export interface Finder {
  readonly progress: ReadonlySignal<Progress>;
  /** In the order of their moments, as far as has been looked. */
  readonly happenings: ReadonlySignal<readonly Happening[]>;
  /** Look through what was not looked through yet. */
  begin(): void;
  /** Not now: somebody else needs the server, or nobody looks any more. */
  rest(): void;
}

/** The segment that is not closed yet: it is here as far as it goes, and grows. */
export interface OpenPart {
  readonly frames: readonly Shown[];
  /** Nothing is known of what was right before it. */
  readonly begins: boolean;
}

export interface FinderOptions {
  /** The closed ones. */
  readonly pieces: () => readonly Piece[];
  readonly open: () => OpenPart | undefined;
  readonly load: (n: number, signal: AbortSignal) => Promise<readonly Shown[]>;
}

export function createFinder({ pieces, open, load }: FinderOptions): Finder {
  const found = new Map<number, readonly Happening[]>();
  const failed = new Set<number>();
  const closed = signal<readonly Happening[]>([]);
  const latest = computed(() => {
    const part = open();
    return part === undefined ? [] : happeningsIn(part.frames, part.begins);
  });
  const happenings = computed(() => [...closed.value, ...latest.value]);
  const progress = signal<Progress>({ read: 0, of: 0, failed: 0, full: false });
  let controller: AbortController | undefined;
  let remembered = 0;

  function tell(): void {
    const order = pieces();
    closed.value = order.flatMap(({ n }) => found.get(n) ?? []);
    progress.value = { read: found.size, of: order.length, failed: failed.size, full: remembered >= HAPPENINGS_MAX };
  }

  function next(under: Set<number>): { readonly piece: Piece; readonly begins: boolean } | undefined {
    if (remembered >= HAPPENINGS_MAX) return undefined;
    const order = pieces();
    const index = order.findIndex(({ n }) => !found.has(n) && !failed.has(n) && !under.has(n));
    const piece = order[index];
    return piece && { piece, begins: !follows(order[index - 1], piece) };
  }

  async function read(under: Set<number>, signal: AbortSignal): Promise<void> {
    for (let turn = next(under); turn !== undefined && !signal.aborted; turn = next(under)) {
      const { n } = turn.piece;
      under.add(n);
      try {
        const news = happeningsIn(await load(n, signal), turn.begins);
        remembered += news.length;
        found.set(n, news);
      } catch {
        if (!signal.aborted) failed.add(n);
      }
      if (!signal.aborted && (found.size <= TOLD_EVERY || found.size % TOLD_EVERY === 0)) tell();
    }
  }

  return {
    happenings,
    progress,
    begin() {
      if (controller !== undefined) return;
      const mine = new AbortController();
      controller = mine;
      failed.clear();
      const under = new Set<number>();
      tell();
      const readers = Array.from({ length: READING_MAX }, () => read(under, mine.signal));
      void Promise.all(readers).then(() => {
        if (controller !== mine) return;
        controller = undefined;
        tell();
      });
    },
    rest() {
      controller?.abort();
      controller = undefined;
    },
  };
}
