/** What can be said of what ended in a batch: why tasks failed, how long they took, how fast they came. Pure. */
import type { BatchFigures, Durations, Ends } from "../net/figures.ts";
import { ended } from "./facts.ts";
import type { Figures } from "./figures.ts";
import { reasonWords, words } from "./words.ts";

/** Fewer than so many say nothing about the others. */
export const SPREAD_MIN = 5;

/** A reason as people read it; the code of a program says more than that it failed. */
export function whyWords(why: string): string {
  const code = /^exit (\d+)$/.exec(why)?.[1];
  return code === undefined ? reasonWords(why === "" ? undefined : why) : words.results.exitCode(code);
}

/** Where a duration stands between the first bar and the last, 0 to 1. */
export function along(ms: number, { from, to }: Pick<Durations, "from" | "to">): number {
  return to === from ? 0 : Math.min(1, Math.max(0, (ms - from) / (to - from)));
}

/** Which bar a duration belongs to. */
export function barOf(ms: number, durations: Durations): number {
  const bars = durations.bars.length;
  return Math.min(Math.floor(along(ms, durations) * bars), bars - 1);
}

export interface Pace {
  /** Moments, in seconds since 1970: the middle of each stretch. */
  readonly at: readonly number[];
  /** Tasks a minute that were done, and that ended in any way. */
  readonly done: readonly number[];
  readonly all: readonly number[];
}

const MINUTE_MS = 60_000;
const PACE_MIN = 3;

/** How many ended in a minute, over time; nothing where there are too few stretches for a line. */
export function paceOf({ ends, every }: Pick<BatchFigures, "ends" | "every">): Pace | undefined {
  if (ends === undefined || ends.done.length < PACE_MIN) return undefined;
  const rate = (count: number) => (count * every * MINUTE_MS) / ends.step;
  return {
    at: ends.done.map((_, index) => middle(ends, index) / 1_000),
    done: ends.done.map(rate),
    all: ends.done.map((count, index) => rate(count + (ends.failed[index] ?? 0))),
  };
}

function middle({ from, step }: Ends, index: number): number {
  return from + (index + 0.5) * step;
}

const REFRESH_S = 15;

/**
 * What the figures depend on, as one text: where it changes they are asked for anew, at most every quarter of a minute while
 * the batch is under way.
 * @param before the text of the time before, or nothing at first
 */
export function turnOf(figures: Figures, second: number, before: string | undefined): string {
  const now = `${figures.done}/${figures.failed}/${ended(figures)}`;
  const first = before === undefined || before.startsWith("0/0/");
  return first || ended(figures) || second % REFRESH_S === 0 ? now : before;
}
