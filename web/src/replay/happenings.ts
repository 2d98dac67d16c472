/** What happened at the desks, read out of a segment's frames: what one may look for by a task's title, a batch or a desk. */
import type { Shown } from "../state/course.ts";
import type { Desk, OfficeState, Reason, Upstairs } from "../state/office.ts";

export type What = "started" | "done" | "failed" | "upstairs";

export interface Happening {
  readonly at: number;
  readonly what: What;
  readonly title?: string | undefined;
  readonly worker?: string | undefined;
  readonly desk?: number | undefined;
  readonly batch?: string | undefined;
  readonly reason?: Reason | undefined;
  /** It is tried again. */
  readonly again?: boolean | undefined;
}

function runs(desk: Desk | undefined): boolean {
  return desk?.activity === "working" || desk?.activity === "waiting";
}

/** One and the same work: by its execution where the view shows it, else by what it is and since when. */
function same(before: Desk | undefined, after: Desk): boolean {
  if (before === undefined) return false;
  if (before.execution !== undefined || after.execution !== undefined) return before.execution === after.execution;
  return before.title === after.title && before.batch === after.batch;
}

function cameDown(above: Readonly<Record<string, Upstairs>>, desk: Desk): boolean {
  if (desk.execution !== undefined) return Object.hasOwn(above, desk.execution);
  return Object.values(above).some((person) => person.since === desk.since && person.title === desk.title);
}

function atDesk(before: Desk | undefined, after: Desk, above: OfficeState["overflow"]["shown"]): What | undefined {
  if (after.activity === "done" || after.activity === "failed") {
    return before?.activity === after.activity && same(before, after) ? undefined : after.activity;
  }
  if (!runs(after) || (runs(before) && same(before, after))) return undefined;
  return cameDown(above, after) ? undefined : "started";
}

function ofDesks(at: number, before: OfficeState, after: OfficeState): readonly Happening[] {
  if (before.desks === after.desks) return [];
  return Object.entries(after.desks).flatMap(([key, desk]): Happening[] => {
    const was = before.desks[key];
    const what = was === desk ? undefined : atDesk(was, desk, before.overflow.shown);
    if (what === undefined) return [];
    const { title, worker, batch, reason, until } = desk;
    return [{ at, what, title, worker, desk: Number(key), batch, reason, again: what === "failed" && until !== undefined }];
  });
}

function ofStairs(at: number, before: OfficeState, after: OfficeState): readonly Happening[] {
  const [was, is] = [before.overflow.shown, after.overflow.shown];
  if (was === is) return [];
  const seated = new Set(Object.values(before.desks).map((desk) => desk.execution));
  return Object.entries(is).flatMap(([id, { title, batch, since }]): Happening[] => {
    // Who is older than this frame was upstairs before, behind the twentieth that is shown.
    const old = Object.hasOwn(was, id) || seated.has(id) || since < at - NEW_MS;
    return old ? [] : [{ at, what: "upstairs", title, batch }];
  });
}

/** An execution that began within so long before a frame is new in it. */
const NEW_MS = 1_000;

/** What begins with the first frame of all that is known: it tells of no change, but of who has just begun. */
function ofFirst({ at, state }: Shown): readonly Happening[] {
  return Object.entries(state.desks).flatMap(([key, desk]): Happening[] => {
    if (!runs(desk) || desk.since < at - NEW_MS) return [];
    return [{ at, what: "started", title: desk.title, worker: desk.worker, desk: Number(key), batch: desk.batch }];
  });
}

/** @param begins nothing is known of what was before these frames */
export function happeningsIn(frames: readonly Shown[], begins: boolean): readonly Happening[] {
  const found: Happening[] = [];
  const first = frames[0];
  if (begins && first !== undefined) found.push(...ofFirst(first));
  frames.forEach(({ at, state }, index) => {
    const before = frames[index - 1]?.state;
    if (before !== undefined) found.push(...ofDesks(at, before, state), ...ofStairs(at, before, state));
  });
  return found;
}
