/** The pieces round the cursor: fetched in the order in which they matter, a few at once, and forgotten when others matter more. */
import { Unreachable } from "../net/http.ts";
import type { Shown } from "../state/course.ts";

/** So many are kept; an hour of a busy office has a hundred and twenty. */
export const KEPT_MAX = 24;
/** So many are fetched at once: a browser has six connections to a server, and others need some. */
export const LOADING_MAX = 3;
/** After nothing answered it is tried again, but not at once. */
export const AGAIN_MS = 2_000;

export interface PiecesOptions {
  readonly load: (n: number, signal: AbortSignal) => Promise<readonly Shown[]>;
  /** One arrived, or failed. */
  readonly changed: (n: number) => void;
  /** A monotone clock of this machine, in milliseconds. */
  readonly local: () => number;
}

export interface Pieces {
  peek(n: number): readonly Shown[] | undefined;
  /** Why one did not come; what was not to be reached is tried again when it is wanted later. */
  failure(n: number): unknown;
  /** From now on these matter, the first of them most: others under way are called off. */
  want(ns: readonly number[]): void;
  close(): void;
}

interface Failed {
  readonly error: unknown;
  readonly at: number;
}

export function createPieces({ load, changed, local }: PiecesOptions): Pieces {
  /** In the order in which they mattered last, the newest at the end. */
  const kept = new Map<number, readonly Shown[]>();
  const loading = new Map<number, AbortController>();
  const failed = new Map<number, Failed>();
  let wanted: readonly number[] = [];

  function keep(n: number, frames: readonly Shown[]): void {
    kept.delete(n);
    kept.set(n, frames);
    for (const old of kept.keys()) {
      if (kept.size <= KEPT_MAX) break;
      if (!wanted.includes(old)) kept.delete(old);
    }
  }

  function mayCome(n: number): boolean {
    const failure = failed.get(n);
    if (kept.has(n) || loading.has(n)) return false;
    return failure === undefined || (failure.error instanceof Unreachable && local() - failure.at >= AGAIN_MS);
  }

  function fetchOne(n: number): void {
    const controller = new AbortController();
    loading.set(n, controller);
    load(n, controller.signal).then(
      (frames) => settle(n, controller, () => keep(n, frames)),
      (error: unknown) => settle(n, controller, () => failed.set(n, { error, at: local() })),
    );
  }

  /** What was called off is of no interest, however it ended. */
  function settle(n: number, controller: AbortController, note: () => void): void {
    if (controller.signal.aborted) return;
    loading.delete(n);
    failed.delete(n);
    note();
    fill();
    changed(n);
  }

  function fill(): void {
    for (const n of wanted) {
      if (loading.size >= LOADING_MAX) return;
      if (mayCome(n)) fetchOne(n);
    }
  }

  function callOff(useless: (n: number) => boolean): void {
    for (const [n, controller] of loading) {
      if (!useless(n)) continue;
      controller.abort();
      loading.delete(n);
    }
  }

  return {
    peek: (n) => kept.get(n),
    failure: (n) => failed.get(n)?.error,
    want(ns) {
      wanted = ns.slice(0, KEPT_MAX);
      callOff((n) => !wanted.includes(n));
      for (const n of wanted.toReversed()) {
        const frames = kept.get(n);
        if (frames !== undefined) keep(n, frames);
      }
      fill();
    },
    close() {
      wanted = [];
      callOff(() => true);
      kept.clear();
    },
  };
}
