/** From a draft to what is sent, or to the one reason why it cannot be. */
import type { Submission } from "../../net/api.ts";
import { words } from "../words.ts";
import { bodyOf, payload, rest, type Table } from "./table.ts";
import { paramsOf, type Wishes, wishFault, wishName } from "./wish.ts";

/** The parts of a draft that decide. */
export interface Order extends Wishes {
  readonly table: Table | undefined;
  readonly text: string;
  readonly file?: string | undefined;
  readonly name?: string | undefined;
  readonly title?: string | undefined;
  readonly attempts?: number | undefined;
  readonly minutes?: number | undefined;
}

/** Which rows are sent: the first few as a trial, all but those that were tried, or all. */
export interface Part {
  readonly first?: number;
  readonly after?: number;
}

export const ATTEMPTS_MAX = 20;
export const MINUTES_MAX = 7 * 24 * 60;
/** Params of so many characters still go into an address; what is longer goes into the body, with the tasks. */
const ADDRESS_CHARACTERS_MAX = 2_000;

function limitFault({ attempts, minutes }: Order): string | undefined {
  const within = (value: number | undefined, most: number) =>
    value === undefined || (Number.isInteger(value) && value >= 1 && value <= most);
  if (!within(attempts, ATTEMPTS_MAX)) return words.submit.badAttempts(ATTEMPTS_MAX);
  return within(minutes, MINUTES_MAX) ? undefined : words.submit.badMinutes(MINUTES_MAX);
}

/** Why this cannot be started yet; `undefined` where it can. */
export function faultOf(order: Order): string | undefined {
  const { table } = order;
  if (table === undefined) return words.submit.noTasks;
  if (table.wrong > 0) return words.submit.fixRows(table.wrong);
  return wishFault(order, table.columns) ?? limitFault(order);
}

/** What is done with each row, as text: two orders with the same mark differ in nothing but their rows and their name. */
export function markOf(order: Order): string {
  return JSON.stringify([order.kind, paramsOf(order), order.title, order.attempts, order.minutes]);
}

/** The batch is called as the person says, else as the file without its ending, else by what is done. */
export function nameOf(order: Pick<Order, "name" | "file" | "kind" | "command" | "python" | "table">): string {
  const said = order.name?.trim();
  if (said !== undefined && said !== "") return said;
  if (order.file !== undefined) return order.file.replace(/\.[a-z0-9]+$/i, "");
  return wishName(order, order.table?.rows.length ?? 0);
}

/** An address is written into logs on its way: neither headers, which may be secrets, nor pages of text go there. */
function fitsAddress(params: Submission["params"]): boolean {
  return params["headers"] === undefined && JSON.stringify(params).length <= ADDRESS_CHARACTERS_MAX;
}

/** @throws Error when there is a fault; ask `faultOf` first */
export function submissionOf(order: Order, part: Part = {}): Submission {
  const fault = faultOf(order);
  if (fault !== undefined || order.table === undefined) throw new Error(`expected a draft without fault, got: ${fault}`);
  const params = paramsOf(order);
  const list = rest(order.table, order.text, part.after ?? 0);
  const work = {
    name: nameOf(order),
    kind: order.kind,
    params,
    title: order.title,
    attempts: order.attempts,
    timeout: order.minutes === undefined ? undefined : order.minutes * 60,
    tryFirst: part.first,
  };
  if (fitsAddress(params)) return { ...work, ...payload(list.table, list.text) };
  const { title, tryFirst, ...members } = work;
  return { ...work, type: "application/json", text: bodyOf({ ...members, try: tryFirst }, list.table, list.text, title) };
}

/** Twenty tasks that only wait, for someone who has no list at hand. */
export function demoOf(count: number): Submission {
  const text = Array.from({ length: count }, (_, index) => words.submit.demoTitle(index + 1)).join("\n");
  return { name: words.submit.demoName(count), kind: "demo", params: { seconds: [4, 14], fail: 0.05 }, type: "text/plain", text };
}
