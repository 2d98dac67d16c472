/** What this page saw happen since it was opened: what ended at each desk, and how fast the office was. It claims nothing about before. */
import type { Desk, OfficeState, Reason } from "./office.ts";

export interface Past {
  readonly execution: string;
  readonly task?: string | undefined;
  readonly title?: string | undefined;
  readonly done: boolean;
  readonly reason?: Reason | undefined;
  /** Milliseconds from admission to end; absent when the page did not see it work. */
  readonly took?: number | undefined;
  readonly at: number;
}

export interface Seen {
  /** By desk, newest first. */
  readonly past: Readonly<Record<string, readonly Past[]>>;
  /** Tasks per hour, one sample for each `SAMPLE_MS`, oldest first. */
  readonly speed: readonly number[];
  readonly sampled: number;
}

export const NOTHING_SEEN: Seen = { past: {}, speed: [], sampled: 0 };

const PAST_MAX = 8;
const SPEED_MAX = 60;
const SAMPLE_MS = 10_000;

function ended(before: Desk | undefined, after: Desk): Past | undefined {
  if (before === undefined || before === after || after.execution === undefined) return undefined;
  if (after.activity !== "done" && after.activity !== "failed") return undefined;
  if (before.activity === after.activity && before.execution === after.execution) return undefined;
  const watched = before.activity === "working" && before.execution === after.execution;
  return {
    execution: after.execution,
    task: after.task,
    title: after.title,
    done: after.activity === "done",
    reason: after.reason,
    took: watched ? after.since - before.since : undefined,
    at: after.since,
  };
}

function pastAfter(past: Seen["past"], before: OfficeState, after: OfficeState): Seen["past"] {
  if (before.desks === after.desks) return past;
  let next = past;
  for (const [key, desk] of Object.entries(after.desks)) {
    const entry = ended(before.desks[key], desk);
    if (entry !== undefined) next = { ...next, [key]: [entry, ...(next[key] ?? [])].slice(0, PAST_MAX) };
  }
  return next;
}

/** @param at the moment the later state stands for */
export function see(seen: Seen, before: OfficeState | undefined, after: OfficeState, at: number): Seen {
  const past = before === undefined ? seen.past : pastAfter(seen.past, before, after);
  const rate = after.queue.perhour;
  if (rate === undefined || at - seen.sampled < SAMPLE_MS) return past === seen.past ? seen : { ...seen, past };
  return { past, speed: [...seen.speed, rate].slice(-SPEED_MAX), sampled: at };
}
