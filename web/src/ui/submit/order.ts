/** From a draft to what is sent, or to the one reason why it cannot be. */
import type { Submission } from "../../net/api.ts";
import { words } from "../words.ts";
import { fieldsOf, hasLoneBrace, split } from "./command.ts";
import { payload, type Table } from "./table.ts";

/** The parts of a draft that decide. */
export interface Order {
  readonly table: Table | undefined;
  readonly text: string;
  readonly file?: string | undefined;
  readonly name?: string | undefined;
  readonly title?: string | undefined;
  readonly kind: string;
  readonly command: string;
  readonly seconds: readonly [number, number];
  readonly fails: number;
}

const SECONDS_MAX = 3_600;

function commandFault(order: Order, columns: readonly string[]): string | undefined {
  const { argv, open } = split(order.command);
  if (open !== undefined) return words.submit.openQuote;
  if (argv.length === 0) return words.submit.noCommand;
  if (hasLoneBrace(argv)) return words.submit.loneBrace;
  const unknown = fieldsOf(argv).find((name) => !columns.includes(name));
  return unknown === undefined ? undefined : words.submit.noColumn(unknown);
}

function demoFault({ seconds: [least, most] }: Order): string | undefined {
  return least >= 0 && most <= SECONDS_MAX && least <= most ? undefined : words.submit.badSeconds;
}

/** Why this cannot be started yet; `undefined` where it can. */
export function faultOf(order: Order): string | undefined {
  const { table } = order;
  if (table === undefined) return words.submit.noTasks;
  if (table.wrong > 0) return words.submit.fixRows(table.wrong);
  return order.kind === "demo" ? demoFault(order) : commandFault(order, table.columns);
}

function paramsOf(order: Order): Submission["params"] {
  if (order.kind === "command") return { argv: split(order.command).argv };
  const [least, most] = order.seconds;
  const seconds = least === most ? least : [least, most];
  return order.fails > 0 ? { seconds, fail: order.fails / 100 } : { seconds };
}

/** The batch is called as the person says, else as the file without its ending, else as its program. */
export function nameOf(order: Pick<Order, "name" | "file" | "kind" | "command" | "table">): string {
  const said = order.name?.trim();
  if (said !== undefined && said !== "") return said;
  if (order.file !== undefined) return order.file.replace(/\.[a-z0-9]+$/i, "");
  if (order.kind === "demo") return words.submit.demoName(order.table?.rows.length ?? 0);
  return split(order.command).argv[0]?.split("/").at(-1) ?? words.submit.pasted;
}

/** @throws Error when there is a fault; ask `faultOf` first */
export function submissionOf(order: Order, tryFirst?: number): Submission {
  const fault = faultOf(order);
  if (fault !== undefined || order.table === undefined) throw new Error(`expected a draft without fault, got: ${fault}`);
  return {
    name: nameOf(order),
    kind: order.kind,
    params: paramsOf(order),
    ...payload(order.table, order.text),
    title: order.title,
    tryFirst,
  };
}

/** Twenty tasks that only wait, for someone who has no list at hand. */
export function demoOf(count: number): Submission {
  const text = Array.from({ length: count }, (_, index) => words.submit.demoTitle(index + 1)).join("\n");
  return { name: words.submit.demoName(count), kind: "demo", params: { seconds: [4, 14], fail: 0.05 }, type: "text/plain", text };
}
