/** Lets the page be heard and noticed, where that was asked for: listens to the office's changes and hands them on. */
import { computed, effect, type ReadonlySignal } from "@preact/signals";
import type { OfficeState } from "../../state/office.ts";
import type { App } from "../app.ts";
import { DESKS } from "../facts.ts";
import { STALE_MS } from "../fresh.ts";
import { addressOf, markOf } from "./favicon.ts";
import { type Desk, NOTHING_TOLD, type Notice, note, tell } from "./notices.ts";
import { murmurOf, notesOf, UNPLAYED } from "./score.ts";
import type { Synth } from "./synth.ts";

/** The mark as the page came with it; `index.html` names it. */
function icon(): HTMLLinkElement {
  const found = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (found === null) throw new Error("expected an icon in the page's head");
  return found;
}

const hidden = () => document.visibilityState === "hidden";

/** Another batch may end while the first notice stands: it takes its place. */
function show({ view, rights }: App, { title, body, batch }: Notice): void {
  const shown = new Notification(title, { body, tag: "tendesks", icon: icon().href });
  shown.onclick = () => {
    window.focus();
    if (batch !== undefined && rights.asks) view.open({ kind: "batch", id: batch });
    shown.close();
  };
}

/** Every change of the state with the one before it; the first one, and one of another office, is no change. */
function onChange({ store }: App, tell: (before: OfficeState, after: OfficeState) => void): () => void {
  let before: OfficeState | undefined;
  return effect(() => {
    const after = store.state.value;
    if (before !== undefined && after !== undefined && before.office.id === after.office.id) tell(before, after);
    before = after;
  });
}

/**
 * Once somebody has pressed something on this page: before that a browser lets no page sound, and says so on its console.
 * @returns what forgets it
 */
function onPress(then: () => void): () => void {
  if (navigator.userActivation?.hasBeenActive ?? true) {
    then();
    return () => undefined;
  }
  const once = new AbortController();
  const pressed = () => {
    once.abort();
    then();
  };
  for (const press of ["pointerdown", "keydown"]) addEventListener(press, pressed, { signal: once.signal });
  return () => once.abort();
}

/** Notes and murmur until it is ended; then nothing sounds any more, at once. */
function hear(app: App, synth: Synth): () => void {
  let score = UNPLAYED;
  const wake = () => synth.wake();
  const level = () => synth.murmur(murmurOf(app.store.state.peek(), hidden()));
  const ends = [
    onChange(app, (before, after) => {
      const [next, notes] = notesOf(score, before, after, performance.now(), hidden());
      score = next;
      for (const each of notes) synth.play(each);
    }),
    effect(() => {
      if (app.store.state.value !== undefined) level();
    }),
  ];
  wake();
  level();
  for (const press of ["pointerdown", "keydown"]) addEventListener(press, wake);
  document.addEventListener("visibilitychange", level);
  return () => {
    for (const end of ends) end();
    for (const press of ["pointerdown", "keydown"]) removeEventListener(press, wake);
    document.removeEventListener("visibilitychange", level);
    synth.close();
  };
}

function notify(app: App): () => void {
  let desk: Desk = NOTHING_TOLD;
  const say = () => {
    const [next, notice] = tell(desk, performance.now(), !hidden());
    desk = next;
    if (notice !== undefined) show(app, notice);
  };
  const timer = setInterval(say, 1_000);
  const end = onChange(app, (before, after) => {
    desk = note(desk, before, after);
    say();
  });
  return () => {
    clearInterval(timer);
    end();
  };
}

/** The tab's mark has as many desks lit as people work; its own where nobody does, or what is known is old. */
function light({ store, view }: App): void {
  const own = icon().href;
  const working = computed(() => (view.second.value >= 0 && (store.age() ?? 0) < STALE_MS ? (store.office.value?.running ?? 0) : 0));
  effect(() => {
    const lit = Math.min(working.value, DESKS);
    icon().href = lit === 0 ? own : addressOf(markOf(lit));
  });
}

/** @param resting whether what is looked at is not the office as it is now */
export function attend(app: App, resting: ReadonlySignal<boolean>): void {
  light(app);
  effect(() => {
    if (!app.view.sounds.value || resting.value) return undefined;
    let end: (() => void) | undefined;
    let over = false;
    const forget = onPress(() => {
      void import("./synth.ts").then(({ createSynth }) => {
        if (!over) end = hear(app, createSynth());
      });
    });
    return () => {
      over = true;
      forget();
      end?.();
    };
  });
  effect(() => {
    const allowed = "Notification" in window && Notification.permission === "granted";
    return app.view.notices.value && allowed && !resting.value ? notify(app) : undefined;
  });
}
