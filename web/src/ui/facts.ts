/** What the state says, as the sentences and choices of the interface: one answer for sidebar, list and live region alike. */
import type { IconName } from "../icons.ts";
import type { Activity, Batch, Desk, Office, OfficeState, Queue } from "../state/office.ts";
import { drawn } from "../state/progress.ts";
import { letter } from "./hue.ts";
import { about, clockTime, moment, range } from "./numbers.ts";
import type { Rights } from "./rights.ts";
import { reasonWords, words } from "./words.ts";

export const DESKS = 10;

export const GLYPHS: Readonly<Record<Activity, IconName>> = {
  off: "moon",
  idle: "cup",
  working: "play",
  waiting: "hourglass",
  done: "check",
  failed: "bang",
};

/** How far the ring of a desk is drawn, in thousandths; no ring where nobody works or nothing is known. */
export function ringOf(desk: Desk, now: number): number | undefined {
  if (desk.activity === "done" || desk.activity === "failed") return 1000;
  return desk.progress === undefined ? undefined : drawn(desk.progress, now);
}

const SOON_MS = 60_000;

/** How long a wait still is: in seconds when it is short, else until when. */
export function untilWords(until: number, now: number): string {
  const rest = until - now;
  return rest < SOON_MS ? `${Math.max(1, Math.ceil(rest / 1_000))} s` : words.list.until(moment(until, now));
}

/** What a desk does, in a few words: its title where it has one, else its activity. */
export function deskWords(desk: Desk, now: number): string {
  if (desk.activity === "waiting") return desk.until === undefined ? words.list.waits : words.list.waitsFor(untilWords(desk.until, now));
  if (desk.activity === "failed") {
    const again = desk.until === undefined ? "" : `. ${words.desk.triesAgain(clockTime(desk.until))}`;
    return `${reasonWords(desk.reason)}${again}`;
  }
  if (desk.activity === "working") return desk.title ?? words.desk.working;
  return words.desk.activity[desk.activity];
}

/** Batches as rows keep their place: by order, so that new ones join at the end. */
export function batchesInOrder(batches: OfficeState["batches"]): ReadonlyArray<readonly [string, Batch]> {
  return Object.entries(batches).sort(([, a], [, b]) => a.order - b.order);
}

/** What the office is called. One that nobody has named is "your office" to its members, and ours to everybody else. */
export function officeName(office: Pick<Office, "name"> | undefined, { asks }: Rights): string {
  const name = office?.name ?? words.yourOffice;
  return asks || name !== words.yourOffice ? name : words.product;
}

/** What a batch is called; a view without names still has its letter. */
export function batchName(batch: Pick<Batch, "name" | "order">): string {
  return batch.name ?? words.batch.lettered(letter(batch.order));
}

export function ended(batch: Pick<Batch, "state">): boolean {
  return batch.state === "done" || batch.state === "cancelled";
}

/** A batch waits for the quota or for a provider's limit; which, the live state says only where it holds the whole queue back. */
function waitsWords(queue: Queue | undefined, now: number): string {
  if (queue?.blocked === "quota") return words.why.quota;
  if (queue?.blocked !== "ratelimit" || queue.until === undefined) return words.batch.waiting;
  return words.why.waitingUntil(untilWords(queue.until, now));
}

/** What stands where a batch's estimate would. */
export function batchWhen(batch: Batch, queue: Queue | undefined, now: number): string {
  if (batch.state === "done") return words.batch.justDone;
  if (batch.state === "cancelled") return words.batch.cancelled;
  if (batch.state === "paused") return words.batch.paused;
  if (batch.state === "waiting") return waitsWords(queue, now);
  if (batch.eta === undefined) return words.side.afterFirst;
  return measured(batch) ? range(batch.eta, now) : words.side.roughly(about(batch.eta[0] - now));
}

/** Whether anything of it has ended: until then its forecast is made of an assumption, and no range is honest. */
export function measured(batch: Batch): boolean {
  return batch.done + batch.failed > 0;
}

/** Whether the queue's forecast is made of assumptions alone. */
export function allAssumed(batches: OfficeState["batches"]): boolean {
  const open = Object.values(batches).filter((batch) => !ended(batch));
  return open.length > 0 && !open.some(measured);
}

/** Tasks of a batch that have not ended and do not run. A cancelled batch keeps none waiting. */
export function waitingOf(batch: Batch): number {
  if (ended(batch)) return 0;
  return Math.max(0, batch.total - batch.done - batch.failed - batch.running);
}

export interface Outcome {
  readonly done: number;
  readonly failed: number;
  /** The batch that ended last in order, whose results are offered. */
  readonly latest?: string | undefined;
}

export function outcomeOf(batches: OfficeState["batches"]): Outcome {
  const rows = batchesInOrder(batches);
  const sum = (pick: (batch: Batch) => number) => rows.reduce((total, [, batch]) => total + pick(batch), 0);
  return { done: sum((batch) => batch.done), failed: sum((batch) => batch.failed), latest: rows.at(-1)?.[0] };
}

/** The office has never had work that it still remembers. */
export function isEmpty(state: OfficeState): boolean {
  return (
    Object.keys(state.batches).length === 0 && (state.office.more ?? 0) === 0 && state.queue.waiting === 0 && state.office.running === 0
  );
}

export type Headline = "empty" | "busy" | "blocked" | "finished";

export function headlineOf(state: OfficeState): Headline {
  if (state.queue.waiting > 0 && state.queue.blocked !== undefined) return "blocked";
  if (state.queue.waiting > 0 || state.office.running > 0) return "busy";
  return state.office.finished === undefined ? "empty" : "finished";
}

/** The next desk after `from` that failed or waits. */
export function nextTrouble(desks: OfficeState["desks"], from: number): number | undefined {
  const order = Array.from({ length: DESKS }, (_, index) => (from + 1 + index) % DESKS);
  return order.find((desk) => desks[desk]?.activity === "failed" || desks[desk]?.activity === "waiting");
}
