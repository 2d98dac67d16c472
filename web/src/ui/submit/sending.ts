/** From the draft as it is to a batch on the server: all of it, the first three, or those that were not tried. */
import { useMemo, useState } from "preact/hooks";
import { freshKey } from "../../net/http.ts";
import type { Made } from "../../net/shapes.ts";
import { useApp } from "../app.ts";
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

/** One key for each order: sent twice, because no answer came the first time, it is taken once. */
function useKey(order: Order): string {
  return useMemo(freshKey, [order.table, order.name, markOf(order)]);
}

export interface Sending {
  readonly send: (part: Part) => void;
  readonly sending: boolean;
  readonly trouble: Trouble | undefined;
}

export function useSending(order: Order): Sending {
  const { api, draft, view, now } = useApp();
  const key = useKey(order);
  const [sending, setSending] = useState(false);
  const [refused, setRefused] = useState<{ readonly key: string; readonly trouble: Trouble }>();
  function taken(part: Part, made: Made): void {
    const total = part.first ?? (order.table?.rows.length ?? 0) - (part.after ?? 0);
    const at = now();
    draft.started.value = { id: made.id, name: nameOf(order), total, eta: [at + made.half, at + made.most] };
    if (part.first === undefined) draft.clear();
    else if (order.table !== undefined) draft.trial.value = { batch: made.id, rows: part.first, table: order.table, mark: markOf(order) };
    view.open({ kind: "sidebar" });
    if (part.first !== undefined) view.open({ kind: "batch", id: made.id });
  }
  function send(part: Part): void {
    setSending(true);
    setRefused(undefined);
    api.submit(submissionOf(order, part), `${key}-${part.first ?? "all"}-${part.after ?? 0}`).then(
      (made) => taken(part, made),
      (error: unknown) => {
        setSending(false);
        setRefused({ key, trouble: troubleOf(error, order.kind) });
      },
    );
  }
  // What was refused concerns the order as it was: once anything of it is changed, the words are no longer true.
  return { send, sending, trouble: refused?.key === key ? refused.trouble : undefined };
}
