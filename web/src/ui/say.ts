/** What a screen reader hears: at most one sentence in ten seconds, failures and finished batches first, figures last. */
import type { OfficeState } from "../state/office.ts";
import { batchName, DESKS, ended } from "./facts.ts";
import { about, age as aged } from "./numbers.ts";
import type { Started } from "./submit/draft.ts";
import { type Kinds, whyOf } from "./why.ts";
import { reasonWords, words } from "./words.ts";

export const PAUSE_MS = 10_000;
const KEPT_MAX = 20;

export interface Sentence {
  readonly text: string;
  /** 0 is said first. */
  readonly rank: 0 | 1 | 2;
}

export interface Voice {
  readonly waiting: readonly Sentence[];
  readonly spoken: number;
}

export const SILENT: Voice = { waiting: [], spoken: Number.NEGATIVE_INFINITY };

function failures(before: OfficeState, after: OfficeState): readonly Sentence[] {
  if (before.desks === after.desks) return [];
  return Array.from({ length: DESKS }, (_, index) => index).flatMap((index) => {
    const [was, is] = [before.desks[index], after.desks[index]];
    if (is?.activity !== "failed" || is === was || was?.activity === "failed") return [];
    return [{ text: words.say.failed(is.title ?? is.worker, reasonWords(is.reason)), rank: 0 as const }];
  });
}

function finished(before: OfficeState, after: OfficeState): readonly Sentence[] {
  if (before.batches === after.batches) return [];
  return Object.entries(after.batches).flatMap(([id, batch]) => {
    const was = before.batches[id];
    if (was === undefined || ended(was) || !ended(batch)) return [];
    return [{ text: words.say.batchDone(batchName(batch), batch.done, batch.failed), rank: 0 as const }];
  });
}

function flow(before: OfficeState, after: OfficeState, kinds: Kinds, now: number): readonly Sentence[] {
  const [was, is] = [before.queue.blocked, after.queue.blocked];
  if (was === is) return [];
  const why = whyOf(after, kinds, now);
  if (why !== undefined) return [{ text: words.say.blocked(why.sentence), rank: 1 }];
  return is === undefined ? [{ text: words.say.goesOn, rank: 1 }] : [];
}

function figures(before: OfficeState, after: OfficeState): readonly Sentence[] {
  if (before.office.running === after.office.running) return [];
  return [{ text: words.say.figures(after.office.running, after.queue.waiting), rank: 2 }];
}

/** What there is to say about a change. */
export function sentences(before: OfficeState, after: OfficeState, kinds: Kinds, now: number): readonly Sentence[] {
  return [...failures(before, after), ...finished(before, after), ...flow(before, after, kinds, now), ...figures(before, after)];
}

/** What there is to say of the connection: that it is gone, once it has been for too long, and that it is back. */
export function connection(was: boolean, stale: boolean, age: number): readonly Sentence[] {
  if (was === stale) return [];
  return [{ text: stale ? words.say.stale(aged(age)) : words.say.back, rank: 1 }];
}

/** That a batch was taken, and what the server promised of it. */
export function begun(started: Started, now: number): Sentence {
  return { text: words.say.started(started.name, started.total, about(started.eta[0] - now)), rank: 1 };
}

/** Adds what there is to say; of the figures only the newest are kept, for older ones are no longer true. */
export function hear(voice: Voice, news: readonly Sentence[]): Voice {
  if (news.length === 0) return voice;
  const kept = news.some((sentence) => sentence.rank === 2) ? voice.waiting.filter((sentence) => sentence.rank !== 2) : voice.waiting;
  const waiting = [...kept, ...news].sort((a, b) => a.rank - b.rank).slice(0, KEPT_MAX);
  return { ...voice, waiting };
}

/** The next sentence, if it is time for one. */
export function speak(voice: Voice, now: number): readonly [Voice, string | undefined] {
  const [next, ...rest] = voice.waiting;
  if (next === undefined || now - voice.spoken < PAUSE_MS) return [voice, undefined];
  return [{ waiting: rest, spoken: now }, next.text];
}
