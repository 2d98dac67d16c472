/** What can be said of a batch's tasks that were looked at: why they failed, and how long they took. Pure. */
import type { Task } from "../net/shapes.ts";
import { reasonWords, words } from "./words.ts";

export interface Group {
  readonly why: string;
  readonly tasks: readonly Task[];
}

/** The reason without what differs from task to task; an exit code says more than that a program failed. */
function whyOf(task: Task): string {
  const code = task.message?.match(/^exit (\d+)/)?.[1];
  return code === undefined ? reasonWords(task.reason) : words.results.exitCode(code);
}

/** Failed tasks by reason, the most frequent first; where two are as frequent, the one that came first. */
export function groupsOf(tasks: readonly Task[]): readonly Group[] {
  const groups = new Map<string, Task[]>();
  for (const task of tasks) {
    const why = whyOf(task);
    groups.set(why, [...(groups.get(why) ?? []), task]);
  }
  return [...groups].map(([why, alike]) => ({ why, tasks: alike })).sort((a, b) => b.tasks.length - a.tasks.length);
}

export interface Spread {
  /** How many tasks took as long as each bar says; the first bar begins at `from`, the last ends at `to`, in milliseconds. */
  readonly bars: readonly number[];
  readonly from: number;
  readonly to: number;
  /** Half of them took so long or less, and nine in ten. */
  readonly half: number;
  readonly most: number;
}

const BARS = 13;
export const SPREAD_MIN = 5;

/** The least duration that so many in a hundred do not exceed. */
function within(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(Math.ceil((sorted.length * percent) / 100) - 1, 0)] ?? 0;
}

/** @returns nothing where there are too few to say anything */
export function spreadOf(durations: readonly number[]): Spread | undefined {
  if (durations.length < SPREAD_MIN) return undefined;
  const sorted = durations.toSorted((a, b) => a - b);
  const [from, to] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  const bars = Array.from({ length: BARS }, () => 0);
  for (const duration of sorted) {
    const bar = barAt(duration, from, to);
    bars[bar] = (bars[bar] ?? 0) + 1;
  }
  return { bars, from, to, half: within(sorted, 50), most: within(sorted, 90) };
}

/** Which bar a duration belongs to. */
export function barAt(duration: number, from: number, to: number): number {
  return to === from ? 0 : Math.min(Math.floor(((duration - from) / (to - from)) * BARS), BARS - 1);
}
