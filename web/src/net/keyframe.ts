/** Checks that what a keyframe carries is an office: the parts the page relies on, so that a wrong one is refused at the door. */
import type { OfficeState } from "../state/office.ts";
import { type Fields, integer, list, object, oneOf, optional, ReadError, text } from "./read.ts";

const ACTIVITIES = ["off", "idle", "working", "waiting", "done", "failed"] as const;
export const BATCH_STATES = ["queued", "running", "paused", "waiting", "done", "cancelled"] as const;
const DESKS = 10;

function pair(value: unknown, where: string): void {
  const items = list(value, where);
  if (items.length !== 2) throw new ReadError(`${where}: expected 2 numbers, got ${items.length}`);
  for (const item of items) integer(item, where);
}

function integers(value: unknown, where: string): void {
  for (const item of list(value, where)) integer(item, where);
}

function checkOffice(office: Fields): void {
  text(office["id"], "office.id");
  text(office["tier"], "office.tier");
  integer(office["slots"], "office.slots");
  integer(office["running"], "office.running");
}

function checkDesk(desk: Fields, where: string): void {
  text(desk["worker"], `${where}.worker`);
  oneOf(desk["activity"], ACTIVITIES, `${where}.activity`);
  integer(desk["since"], `${where}.since`);
  optional(desk["title"], text, `${where}.title`);
  optional(desk["execution"], text, `${where}.execution`);
}

function checkDesks(desks: Fields): void {
  for (let index = 0; index < DESKS; index += 1) checkDesk(object(desks[index], `desks.${index}`), `desks.${index}`);
}

function checkBatch(batch: Fields, where: string): void {
  oneOf(batch["state"], BATCH_STATES, `${where}.state`);
  for (const figure of ["total", "done", "failed", "running", "order"]) integer(batch[figure], `${where}.${figure}`);
  optional(batch["eta"], pair, `${where}.eta`);
}

function checkQueue(queue: Fields): void {
  integer(queue["waiting"], "queue.waiting");
  optional(queue["perhour"], integer, "queue.perhour");
  optional(queue["pace"], integers, "queue.pace");
  optional(queue["eta"], pair, "queue.eta");
}

function checkOverflow(overflow: Fields): void {
  integer(overflow["count"], "overflow.count");
  object(overflow["shown"], "overflow.shown");
}

/** @throws ReadError naming the path that is wrong */
export function readState(value: unknown): OfficeState {
  const state = object(value, "state");
  checkOffice(object(state["office"], "office"));
  checkDesks(object(state["desks"], "desks"));
  checkOverflow(object(state["overflow"], "overflow"));
  checkQueue(object(state["queue"], "queue"));
  const batches = object(state["batches"], "batches");
  for (const [id, batch] of Object.entries(batches)) checkBatch(object(batch, `batches.${id}`), `batches.${id}`);
  return state as unknown as OfficeState;
}
