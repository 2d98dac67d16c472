/** What one looks at in the room beyond panels: somebody the camera goes with, one batch alone. Nothing here changes the world. */
import type { OfficeState } from "../state/office.ts";
import type { App } from "./app.ts";
import { batchesInOrder, DESKS, ended } from "./facts.ts";
import type { View } from "./view.ts";

type Seen = Pick<App, "view" | "store">;

/** The batch that is looked at alone, as long as the office has it. */
export function onlyOf({ view, store }: Seen): string | undefined {
  const only = view.only.value;
  return only !== undefined && store.batches.value[only] !== undefined ? only : undefined;
}

/** How many desks work for a batch. */
export function desksOf(desks: OfficeState["desks"], batch: string): number {
  return Object.values(desks).filter((desk) => desk.batch === batch).length;
}

/** Whether a desk stands back because another batch is looked at. */
export function isBack({ view, store }: Seen, desk: { readonly batch?: string } | undefined): boolean {
  const only = onlyOf({ view, store });
  return only !== undefined && desk?.batch !== only;
}

function openDesk({ panel }: View): number | undefined {
  return panel.value.kind === "desk" ? panel.value.desk : undefined;
}

/** The first who works, else the first of all. */
function somebody(desks: OfficeState["desks"]): number {
  const order = Array.from({ length: DESKS }, (_, index) => index);
  return order.find((desk) => desks[desk]?.activity === "working") ?? 0;
}

/** Goes with whoever's desk is open, or with the first who works; pressed again, no more. */
export function follow({ view, store }: Seen): void {
  // A drawing has no camera.
  if (view.flat.value) return;
  const on = !view.following.value;
  if (on && openDesk(view) === undefined) view.open({ kind: "desk", desk: somebody(store.desks.value) });
  view.following.value = on;
}

/** Of which batch the panel that is open is. */
function batchAt({ view, store }: Seen): string | undefined {
  const panel = view.panel.value;
  if (panel.kind === "batch") return panel.id;
  return panel.kind === "desk" ? store.desks.value[panel.desk]?.batch : undefined;
}

/** One batch alone: that of the open panel, else the first that has not ended; then the next of them; then all again. */
export function nextOverview(seen: Seen): void {
  const open = batchesInOrder(seen.store.batches.value).flatMap(([id, batch]) => (ended(batch) ? [] : [id]));
  const only = onlyOf(seen);
  if (only === undefined) seen.view.only.value = batchAt(seen) ?? open[0];
  else seen.view.only.value = batchAt(seen) === only ? undefined : open[open.indexOf(only) + 1];
}

/** Ends one of the two; says whether there was one. */
export function leave(view: View): boolean {
  if (view.following.value) view.following.value = false;
  else if (view.only.value !== undefined) view.only.value = undefined;
  else return false;
  return true;
}
