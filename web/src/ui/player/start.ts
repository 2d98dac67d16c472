/**
 * Starts a replay on a page: the same page, whose store, time and rights are those of a moment of a recording.
 * For a member the office goes on behind it; a guest of a recording's link and whoever dropped a file have nothing but it.
 */
import { computed, effect, signal } from "@preact/signals";
import type { Source } from "../../replay/contract.ts";
import { createPlayer, type Player } from "../../replay/player.ts";
import type { App } from "../app.ts";
import type { Rights } from "../rights.ts";
import type { Panel, View } from "../view.ts";
import { asking, deskOf, momentAsked, speedOf } from "./address.ts";
import type { Address, Asked, Replay, Side, Started } from "./contract.ts";
import { arrangeReplay } from "./layout.ts";

export interface Start {
  readonly source: Source;
  /** Its id, as addresses name it; empty for a file. */
  readonly recording: string;
  readonly asked?: Asked;
  readonly rights: Rights;
  readonly address: Address;
  /** Back to the live office; absent where there is none. */
  readonly leave?: () => void;
}

const COLUMN = 352;
const SHEET = 560;
const SHEETS: ReadonlySet<Panel["kind"]> = new Set(["batch", "batches", "share"]);
/** Figures beside the room are told so often at most. */
const TOLD_MS = 200;
/** And the address while it plays; a browser takes a hundred such changes in ten seconds, and no more. */
const WRITTEN_MS = 2_000;
const SETTLED_MS = 120;

function frame(next: () => void): () => void {
  const id = requestAnimationFrame(next);
  return () => cancelAnimationFrame(id);
}

function reduced(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Another arrangement; everything else that is looked at stays as it is. */
function viewOf(view: View): View {
  const wide = () => SHEETS.has(view.panel.value.kind);
  return {
    ...view,
    hello: signal(false),
    arrangement: computed(() => arrangeReplay(view.size.value, wide() ? SHEET : COLUMN, wide())),
  };
}

/** Whatever shows time looks again: when a second of the recording has passed, and whenever somebody went elsewhere. */
function tellTime(player: Player, view: View): () => void {
  let [second, told, turn] = [-1, 0, -1];
  return effect(() => {
    const [now, moved] = [Math.floor(player.shown.value / 1000), player.moved.value];
    const at = performance.now();
    if (moved === turn && (now === second || at - told < TOLD_MS)) return;
    [second, told, turn] = [now, at, moved];
    view.second.value = view.second.peek() + 1;
  });
}

/** At once where somebody went to a moment, now and then while it plays. What is written is what holds when it is. */
function writeAddress(player: Player, view: View, address: Address): () => void {
  let [written, timer] = [Number.NEGATIVE_INFINITY, 0];
  function write(): void {
    timer = 0;
    const [recorded, panel] = [player.recorded.peek(), view.panel.peek()];
    if (recorded === undefined) return;
    written = performance.now();
    address.write(asking(player.position.peek(), recorded, player.speed.peek(), panel.kind === "desk" ? panel.desk : undefined));
  }
  const end = effect(() => {
    const changes = [player.moved.value, player.speed.value, view.panel.value];
    if (player.playing.value) changes.push(player.shown.value);
    if (timer !== 0) return;
    const rest = player.playing.value ? written + WRITTEN_MS - performance.now() : 0;
    timer = window.setTimeout(write, Math.max(SETTLED_MS, rest));
  });
  return () => {
    window.clearTimeout(timer);
    end();
  };
}

function playerOf({ source, asked = {} }: Start): Player {
  return createPlayer({
    source,
    local: () => performance.now(),
    frame,
    wish: {
      at: (recorded, bounds) => momentAsked(asked, recorded, bounds),
      speed: speedOf(asked),
      playing: asked.playing ?? (asked.t === undefined && !reduced()),
    },
  });
}

export function startReplay(base: App, start: Start): Started {
  const { source, recording, asked = {}, rights, address, leave } = start;
  const player = playerOf(start);
  const view = viewOf(base.view);
  const replay: Replay = { player, source, recording, address, leave, side: signal<Side>("moments") };
  const desk = deskOf(asked);
  view.open(desk === undefined ? { kind: "sidebar" } : { kind: "desk", desk });
  const ends = [tellTime(player, view), writeAddress(player, view, address)];
  const app = { ...base, store: player.store, now: () => player.shown.peek(), view, rights, replay };
  return {
    app,
    close() {
      for (const end of ends) end();
      player.close();
    },
  };
}
