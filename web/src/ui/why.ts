/** Why nothing starts although tasks wait, in the words of sidebar, list, idle desk and live region alike. */
import type { Batch, Blocked, OfficeState, Queue } from "../state/office.ts";
import { ended, untilWords, waitingOf } from "./facts.ts";
import { utcDay } from "./numbers.ts";
import { words } from "./words.ts";

export interface Why {
  /** What stands large. */
  readonly big: string;
  /** What stands beneath it, and needs the large words before it. */
  readonly small: string;
  /** Both as one clause. */
  readonly sentence: string;
}

/** Kinds of batches as far as they were asked for: they are not in the live state. */
export type Kinds = Readonly<Record<string, string>>;

function alike(big: string, small: string, sentence = small): Why {
  return { big, small, sentence };
}

function quota(until: number | undefined): Why {
  const day = until === undefined ? "" : words.why.untilDay(utcDay(until));
  return { big: words.why.quota, small: day, sentence: [words.why.quota, day].filter((part) => part !== "").join(", ") };
}

function limited(until: number | undefined, now: number): Why {
  const waiting = until === undefined ? words.why.waiting : words.why.waitingUntil(untilWords(until, now));
  return { big: waiting, small: words.why.limit, sentence: words.why.limitSentence(waiting) };
}

/** @param pulled whether what waits is for the user's own runners; absent where that is not known */
export function whyWords(blocked: Blocked, until: number | undefined, now: number, pulled?: boolean): Why {
  const { why } = words;
  switch (blocked) {
    case "quota":
      return quota(until);
    case "ratelimit":
      return limited(until, now);
    case "paused":
      return alike(why.paused, why.allPaused);
    case "draining":
      return alike(why.waiting, why.restart);
    case "disk":
      return alike(why.waiting, why.disk);
    case "suspended":
      return alike(why.waiting, why.suspended);
    case "capacity":
      if (pulled === undefined) return alike(why.waiting, why.either, why.eitherSentence);
      return pulled ? alike(why.waiting, why.runners, why.runnersSentence) : alike(why.waiting, why.room);
  }
}

function couldRun(batch: Batch): boolean {
  return !ended(batch) && batch.state !== "paused" && waitingOf(batch) > 0;
}

/** Whether all that could run is leased by the user's own runners, and none asks; `undefined` until the kinds are known. */
export function isPulled(state: OfficeState, kinds: Kinds): boolean | undefined {
  if (state.office.running > 0) return false;
  const open = Object.entries(state.batches).filter(([, batch]) => couldRun(batch));
  const known = open.map(([id]) => kinds[id]);
  if (known.some((kind) => kind !== undefined && kind !== "external")) return false;
  return known.includes(undefined) || (state.office.more ?? 0) > 0 ? undefined : true;
}

/** Whether a batch is for the user's own runners, and none of them asks: then no estimate of it is worth anything. */
export function isUnasked(id: string, batch: Batch, queue: Queue | undefined, kinds: Kinds): boolean {
  return kinds[id] === "external" && queue?.blocked === "capacity" && couldRun(batch) && batch.running === 0;
}

/** Why nothing starts now; nothing where work goes on, or none waits. */
export function whyOf(state: OfficeState, kinds: Kinds, now: number): Why | undefined {
  const { blocked, until, waiting } = state.queue;
  if (blocked === undefined || waiting === 0) return undefined;
  return whyWords(blocked, until, now, blocked === "capacity" ? isPulled(state, kinds) : undefined);
}
