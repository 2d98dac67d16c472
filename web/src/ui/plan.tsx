/** The floor plan: ten cells in the order of the desks, each opens its desk; beyond ten, the stairs. */
import type { Desk } from "../state/office.ts";
import { useApp } from "./app.ts";
import { DESKS, deskWords } from "./facts.ts";
import { isBack } from "./gaze.ts";
import { hue } from "./hue.ts";
import { keyOf } from "./keys.ts";
import { count } from "./numbers.ts";
import { Icon } from "./parts.tsx";
import { words } from "./words.ts";

function Cell({ index, desk, order, chosen }: { index: number; desk: Desk | undefined; order: number | undefined; chosen: boolean }) {
  const app = useApp();
  const { view, now } = app;
  const busy = order !== undefined && desk?.activity !== "idle" && desk?.activity !== "off";
  const label = desk === undefined ? words.desk.place(index + 1) : words.plan.cell(keyOf(index), desk.worker, deskWords(desk, now()));
  return (
    <button
      type="button"
      id={`cell-${index}`}
      class={`cell ${desk?.activity ?? "empty"} ${chosen ? "chosen" : ""} ${isBack(app, desk) ? "back" : ""}`}
      style={busy ? { "--c": hue(order) } : undefined}
      aria-label={label}
      aria-pressed={chosen}
      title={label}
      onClick={() => view.open({ kind: "desk", desk: index })}
    >
      {keyOf(index)}
    </button>
  );
}

export function FloorPlan() {
  const { store, view } = useApp();
  const [desks, batches, panel] = [store.desks.value, store.batches.value, view.panel.value];
  return (
    <fieldset class="plan" aria-label={words.plan.label}>
      {Array.from({ length: DESKS }, (_, index) => {
        const desk = desks[index];
        const order = desk?.batch === undefined ? undefined : batches[desk.batch]?.order;
        return <Cell key={index} index={index} desk={desk} order={order} chosen={panel.kind === "desk" && panel.desk === index} />;
      })}
    </fieldset>
  );
}

/** Coral, and only here: how many run beyond the ten desks. */
export function Stairs({ flat }: { readonly flat?: boolean }) {
  const { store, view } = useApp();
  const beyond = store.overflow.value?.count ?? 0;
  if (beyond === 0) return null;
  return (
    <button
      type="button"
      id="stairs"
      class={flat ? "stairs flat" : "stairs"}
      aria-label={words.side.upstairsLong(beyond)}
      title={`${words.upstairs.title} (U)`}
      onClick={() => view.open({ kind: "upstairs" })}
    >
      <b>
        <Icon name="stairs" />
        {count(beyond)}
      </b>{" "}
      <span>{words.side.upstairs}</span>
    </button>
  );
}
