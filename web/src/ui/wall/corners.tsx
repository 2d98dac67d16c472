/** What stands round the room on a wall: four corners of large text, and nothing that has to be pressed. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Batch, OfficeState } from "../../state/office.ts";
import { useApp } from "../app.ts";
import { place } from "../aside.tsx";
import { searchFor } from "../face.ts";
import { batchesInOrder, batchName, ended, officeName } from "../facts.ts";
import { freshness } from "../fresh.ts";
import { outlook } from "../headline.tsx";
import { LiveRegion } from "../live.tsx";
import { age, clockTime, count } from "../numbers.ts";
import { Button, Swatch } from "../parts.tsx";
import { words } from "../words.ts";
import { shiftAt } from "./burnin.ts";
import { useCare } from "./care.ts";
import { freeOf } from "./free.ts";
import { type Content, placesOn } from "./places.ts";
import { wallWords } from "./words.ts";
import "./wall.css";

const ROWS_MAX = 5;
const MOVED_MS = 3_000;
const LONG_CHARACTERS = 12;

/** What is under way in the order of the rows, which they keep; of what has ended the latest, where there is room. */
export function rowsOf(batches: OfficeState["batches"]): ReadonlyArray<readonly [string, Batch]> {
  const rows = batchesInOrder(batches);
  const open = rows.filter(([, batch]) => !ended(batch)).slice(0, ROWS_MAX);
  const rest = ROWS_MAX - open.length;
  const over = rest > 0 ? rows.filter(([, batch]) => ended(batch)).slice(-rest) : [];
  return [...over, ...open];
}

function moreThan(shown: number, state: OfficeState): number {
  return Object.keys(state.batches).length - shown + (state.office.more ?? 0);
}

export function contentOf(state: OfficeState | undefined): Content {
  if (state === undefined) return { digits: 2, rows: 1 };
  const rows = rowsOf(state.batches).length;
  return { digits: Math.max(2, count(state.queue.waiting).length), rows: rows + (moreThan(rows, state) > 0 ? 1 : 0) };
}

function Whose() {
  const { store, view, rights } = useApp();
  const fresh = freshness(store.phase.value, view.beat.value < 0 ? undefined : store.age());
  return (
    <>
      <h1 class="wall-name clip">{officeName(store.office.value, rights)}</h1>
      <div class={`wall-fresh dim ${fresh.look}`}>
        <i class="dot" aria-hidden="true" />
        {fresh.look === "live" ? wallWords.live(age(fresh.age ?? 0)) : fresh.words}
      </div>
    </>
  );
}

/** The time where the screen hangs, not the server's. */
function Clock() {
  const { view } = useApp();
  const now = view.second.value >= 0 ? Date.now() : 0;
  return (
    <>
      <div class="wall-large">{clockTime(now)}</div>
      <div class="dim">{wallWords.date(now)}</div>
    </>
  );
}

function Waiting({ state }: { readonly state: OfficeState | undefined }) {
  return (
    <>
      <div class="wall-huge">{state === undefined ? words.desk.unknown : count(state.queue.waiting)}</div>
      <div class="dim">{state === undefined ? words.side.waiting : wallWords.waiting(state.office.running)}</div>
    </>
  );
}

function Until({ state }: { readonly state: OfficeState | undefined }) {
  const { view, kinds, now } = useApp();
  if (state === undefined) return null;
  const { big, small, look = "" } = outlook(state, kinds.value, view.second.value >= 0 ? now() : 0);
  return (
    <>
      <div class={`wall-large ${big.length > LONG_CHARACTERS ? "long" : ""} ${look}`}>{big}</div>
      <div class="dim">{small}</div>
    </>
  );
}

function Rows({ state }: { readonly state: OfficeState }) {
  const rows = rowsOf(state.batches);
  const more = moreThan(rows.length, state);
  return (
    <ul class="wall-rows" aria-label={wallWords.batches}>
      {rows.map(([id, batch]) => (
        <li key={id}>
          <Swatch order={batch.order} />
          <b class="grow clip">{batchName(batch)}</b>
          {batch.failed > 0 && <span class="red nowrap">{wallWords.failed(batch.failed)}</span>}
          <span class="dim">{words.batch.of(batch.done, batch.total)}</span>
        </li>
      ))}
      {more > 0 && <li class="dim">{wallWords.more(more)}</li>}
    </ul>
  );
}

/** Whether the pointer has moved just now: only then is there a way out to be seen. */
function useMoved(): boolean {
  const [moved, setMoved] = useState(false);
  useEffect(() => {
    let timer = 0;
    const move = () => {
      setMoved(true);
      clearTimeout(timer);
      timer = window.setTimeout(() => setMoved(false), MOVED_MS);
    };
    addEventListener("pointermove", move);
    addEventListener("pointerdown", move);
    return () => {
      clearTimeout(timer);
      removeEventListener("pointermove", move);
      removeEventListener("pointerdown", move);
    };
  }, []);
  return moved;
}

/** The corners' places, and with them that of the room: told to whoever arranges it, for as long as this is shown. */
function usePlaces() {
  const { store, view } = useApp();
  const size = view.size.value;
  const { digits, rows } = contentOf(store.state.value);
  const [x, y] = shiftAt(view.second.value >= 0 ? Date.now() : 0);
  const places = useMemo(() => placesOn(size, { digits, rows }), [size, digits, rows]);
  const free = useMemo(() => freeOf(size, places.corners), [size, places]);
  useEffect(() => {
    view.roomPlace.value = { ...free, x: free.x + x, y: free.y + y };
  }, [view, free, x, y]);
  return { ...places, shift: `translate(${x}px, ${y}px)` };
}

/** The camera sways here and nowhere else, and not where somebody asked for less motion. */
function useSway(): void {
  const { stage } = useApp();
  const made = stage.value;
  useEffect(() => {
    made?.sway(true);
    return () => made?.sway(false);
  }, [made]);
}

/** The address says that this is a wall's page, so that a reload comes back to it, also one after a crash of the browser. */
function useAddress(): void {
  useEffect(() => {
    history.replaceState(history.state, "", location.pathname + searchFor("wall", location.search) + location.hash);
    return () => history.replaceState(history.state, "", location.pathname + searchFor("whole", location.search) + location.hash);
  }, []);
}

const LOOKS = ["", "wall-right", "wall-end", "wall-end", "wall-end"] as const;

export function WallCorners() {
  const { store, view } = useApp();
  const { corners, unit, shift } = usePlaces();
  const moved = useMoved();
  useCare();
  useSway();
  useAddress();
  const state = store.state.value;
  const parts = [
    <Whose key="whose" />,
    <Clock key="clock" />,
    <Waiting key="waiting" state={state} />,
    <Until key="until" state={state} />,
    state === undefined ? null : <Rows key="rows" state={state} />,
  ];
  return (
    <div class={moved ? "wall-corners" : "wall-corners unmoved"} style={{ "--u": `${unit}px`, transform: shift }}>
      {corners.map((box, index) => (
        <section key={LOOKS[index] + String(index)} class={`wall-corner ${LOOKS[index]}`} style={place(box)}>
          {parts[index]}
        </section>
      ))}
      <div class="wall-leave">
        <Button look="pill" glyph="office" title="Esc" onClick={() => view.back()}>
          {wallWords.leave}
        </Button>
      </div>
      <LiveRegion />
    </div>
  );
}
