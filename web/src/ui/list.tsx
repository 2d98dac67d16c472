/** The list: the same ten, the same words, the same order as in the room; for phones without 3D, screen readers and whoever likes it. */
import type { Desk } from "../state/office.ts";
import { left } from "../state/progress.ts";
import { useApp } from "./app.ts";
import { DESKS, deskWords, GLYPHS, ringOf } from "./facts.ts";
import { isBack } from "./gaze.ts";
import { Headline } from "./headline.tsx";
import { hue } from "./hue.ts";
import { keyOf } from "./keys.ts";
import { about } from "./numbers.ts";
import { Dial, Icon, KeyCap, Swatch } from "./parts.tsx";
import { Stairs } from "./plan.tsx";
import { whyOf } from "./why.ts";
import { words } from "./words.ts";

function tone(desk: Desk): string {
  if (desk.activity === "failed") return "red";
  return desk.activity === "waiting" ? "honey" : "dim";
}

function Row({ index, desk, now }: { readonly index: number; readonly desk: Desk; readonly now: number }) {
  const app = useApp();
  const { store, view } = app;
  const batch = desk.batch === undefined ? undefined : store.batches.value[desk.batch];
  const color = desk.activity === "failed" ? "var(--red)" : hue(batch?.order);
  const rest = desk.activity === "working" && desk.progress !== undefined ? about(left(desk.progress, now)) : "";
  const panel = view.panel.value;
  const chosen = panel.kind === "desk" && panel.desk === index;
  return (
    <li>
      <button
        type="button"
        id={`row-${index}`}
        class={`desk-row ${chosen ? "chosen" : ""} ${isBack(app, desk) ? "back" : ""}`}
        aria-pressed={chosen}
        onClick={() => view.open({ kind: "desk", desk: index })}
      >
        <Dial permille={ringOf(desk, now)} color={color} estimated={desk.progress?.[3] === 0} glyph={GLYPHS[desk.activity]} />
        <span class="grow who-what">
          <b>{desk.worker}</b>
          <span class={`${tone(desk)} clip`}>{deskWords(desk, now)}</span>
        </span>
        {batch !== undefined && <Swatch order={batch.order} />}
        <span class="dim rest">{rest}</span>
        <KeyCap>{keyOf(index)}</KeyCap>
      </button>
    </li>
  );
}

export function DeskList() {
  const { store, view, kinds, now } = useApp();
  const at = view.second.value >= 0 ? now() : 0;
  const [desks, state] = [store.desks.value, store.state.value];
  const why = state === undefined ? undefined : whyOf(state, kinds.value, at);
  const phone = view.arrangement.value.width === "narrow";
  return (
    <section class="desk-list" aria-label={words.list.label}>
      {(view.noRoom.value || view.flat.value) && (
        <p class="small dim row no-room">
          <Icon name="list" />
          {words.list.noRoom}
        </p>
      )}
      {why !== undefined && !phone && <p class="honey list-why">{words.list.blocked(why.sentence)}</p>}
      {phone && (
        <div class="headline row between">
          <Headline />
          <Stairs flat />
        </div>
      )}
      <ol class="scroll">
        {Array.from({ length: DESKS }, (_, index) => {
          const desk = desks[index];
          return desk === undefined ? null : <Row key={index} index={index} desk={desk} now={at} />;
        })}
      </ol>
    </section>
  );
}
