/** From the draft as it is to a batch on the server: all of it, the first three, or those that were not tried. */
import { type Signal, signal } from "@preact/signals";
import { freshKey } from "../../net/http.ts";
import type { Made } from "../../net/shapes.ts";
import { useApp } from "../app.ts";
import type { Draft } from "./draft.ts";
import { markOf, nameOf, type Order, type Part, submissionOf } from "./order.ts";
import { type Trouble, troubleOf } from "./trouble.ts";

export function useOrder(kind: string): Order {
  const { draft } = useApp();
  const source = draft.source.value;
  return {
    table: draft.table.value,
    text: source?.text ?? "",
    file: source?.name,
    name: draft.name.value,
    title: draft.title.value,
    kind,
    command: draft.command.value,
    seconds: draft.seconds.value,
    fails: draft.fails.value,
    chat: draft.chat.value,
    http: draft.http.value,
    python: draft.python.value,
    attempts: draft.attempts.value,
    minutes: draft.minutes.value,
  };
}

/** How many rows went ahead as a trial of this very order; 0 where none did, or something was changed since. */
export function triedOf(
  order: Order,
  trial: { readonly table: unknown; readonly mark: string; readonly rows: number } | undefined,
): number {
  return trial !== undefined && trial.table === order.table && trial.mark === markOf(order) ? trial.rows : 0;
}

/** An order on its way, or one that was refused. One key for each: sent again because no answer came, it is taken once. */
interface Way {
  readonly order: Order;
  readonly mark: string;
  readonly key: string;
  /** Absent: it is on its way. */
  readonly refused?: Trouble;
  /** It is no longer the list that is prepared: what is said of it names it. */
  readonly gone?: boolean;
}

/** Of the draft, and not of the panel: that is closed and opened meanwhile, and what comes of the order is told all the same. */
const ways = new WeakMap<Draft, Signal<Way | undefined>>();

function wayOf(draft: Draft): Signal<Way | undefined> {
  const known = ways.get(draft) ?? signal<Way | undefined>(undefined);
  ways.set(draft, known);
  return known;
}

function isOf(way: Way | undefined, order: Order): way is Way {
  return way !== undefined && way.order.table === order.table && way.order.name === order.name && way.mark === markOf(order);
}

export interface Sending {
  readonly send: (part: Part) => void;
  readonly sending: boolean;
  readonly trouble: Trouble | undefined;
}

export function useSending(order: Order): Sending {
  const { api, draft, view, now } = useApp();
  const way = wayOf(draft);
  const found = way.value;

  /** Whether that list is still the one that is prepared: meanwhile another one may be, which is nobody's to touch. */
  const isPrepared = () => draft.table.value === order.table;

  function taken(part: Part, made: Made): void {
    const total = part.first ?? (order.table?.rows.length ?? 0) - (part.after ?? 0);
    const at = now();
    draft.started.value = { id: made.id, name: nameOf(order), total, eta: [at + made.half, at + made.most] };
    if (!isPrepared()) return;
    const looking = view.panel.value.kind === "add";
    if (part.first === undefined) draft.clear();
    else if (order.table !== undefined) draft.trial.value = { batch: made.id, rows: part.first, table: order.table, mark: markOf(order) };
    if (!looking) return;
    view.open({ kind: "sidebar" });
    if (part.first !== undefined) view.open({ kind: "batch", id: made.id });
  }

  function refuse(sent: Way, error: unknown): void {
    const refused = troubleOf(error, order.kind);
    const named: Trouble = { at: "foot", text: `${nameOf(order)}: ${refused.text}` };
    way.value = isPrepared() ? { ...sent, refused } : { ...sent, refused: named, gone: true };
    view.open({ kind: "add" });
  }

  function send(part: Part): void {
    const sent: Way = { order, mark: markOf(order), key: isOf(found, order) ? found.key : freshKey() };
    way.value = sent;
    api.submit(submissionOf(order, part), `${sent.key}-${part.first ?? "all"}-${part.after ?? 0}`).then(
      (made) => {
        way.value = undefined;
        taken(part, made);
      },
      (error: unknown) => refuse(sent, error),
    );
  }
  // What was refused concerns the order as it was: once anything of it is changed, the words are no longer true.
  const concerns = found?.gone === true || isOf(found, order);
  return { send, sending: found !== undefined && found.refused === undefined, trouble: concerns ? found?.refused : undefined };
}
