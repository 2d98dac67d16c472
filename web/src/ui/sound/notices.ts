/** Which desktop notices a change calls for: only of what somebody may have gone away to wait for. Pure. */
import type { Batch, OfficeState } from "../../state/office.ts";
import { batchName } from "../facts.ts";
import { endedBetween } from "./score.ts";
import { soundWords } from "./words.ts";

export const PAUSE_MS = 10_000;

export interface Notice {
  readonly title: string;
  readonly body: string;
  /** The batch that it opens, where it is of one alone. */
  readonly batch?: string;
}

export interface Desk {
  /** Ended, and not told of yet. */
  readonly waiting: Readonly<Record<string, Batch>>;
  readonly last: number;
}

export const NOTHING_TOLD: Desk = { waiting: {}, last: Number.NEGATIVE_INFINITY };

/** What has ended since; a batch that was gone on with is taken back. */
export function note(desk: Desk, before: OfficeState, after: OfficeState): Desk {
  const news = endedBetween(before, after);
  const again = Object.keys(desk.waiting).filter((id) => after.batches[id] !== undefined && after.batches[id].state !== "done");
  if (news.length === 0 && again.length === 0) return desk;
  const kept = Object.entries(desk.waiting).filter(([id]) => !again.includes(id));
  const added = news.flatMap((id) => (after.batches[id] === undefined ? [] : [[id, after.batches[id]] as const]));
  return { ...desk, waiting: Object.fromEntries([...kept, ...added]) };
}

function noticeOf(batches: ReadonlyArray<readonly [string, Batch]>): Notice {
  const [first] = batches;
  if (first !== undefined && batches.length === 1) {
    const [id, batch] = first;
    return {
      title: soundWords.ended(batchName(batch), batch.done, batch.failed),
      body: soundWords.outcome(batch.done, batch.failed),
      batch: id,
    };
  }
  const sum = (pick: (batch: Batch) => number) => batches.reduce((total, [, batch]) => total + pick(batch), 0);
  return {
    title: soundWords.several(batches.length),
    body: soundWords.outcome(
      sum((batch) => batch.done),
      sum((batch) => batch.failed),
    ),
  };
}

/** The notice that is due, if any: several that end within seconds are one. Whoever looks at the page needs none. */
export function tell(desk: Desk, now: number, looking: boolean): readonly [Desk, Notice | undefined] {
  const waiting = Object.entries(desk.waiting);
  if (waiting.length === 0) return [desk, undefined];
  if (looking) return [{ ...desk, waiting: {} }, undefined];
  if (now - desk.last < PAUSE_MS) return [desk, undefined];
  return [{ waiting: {}, last: now }, noticeOf(waiting)];
}
