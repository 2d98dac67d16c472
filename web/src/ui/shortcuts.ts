/** What keys, dropped files and the window itself do to the page. */
import type { App } from "./app.ts";
import { DESKS, nextTrouble } from "./facts.ts";
import { watchFocus } from "./focus.ts";
import { follow, leave, nextOverview } from "./gaze.ts";
import { type Deed, deedOf } from "./keys.ts";
import { performReplay } from "./player/deeds.ts";
import { replayDeedOf } from "./player/keys.ts";

const FIELDS = "input, textarea, select, [contenteditable]";

function focusSearch(): void {
  document.getElementById("search")?.focus();
}

function currentDesk({ view }: App): number | undefined {
  const panel = view.panel.value;
  return panel.kind === "desk" ? panel.desk : undefined;
}

function walk(app: App, step: number): void {
  const desk = currentDesk(app);
  const next = desk === undefined ? (step > 0 ? 0 : DESKS - 1) : (desk + step + DESKS) % DESKS;
  app.view.open({ kind: "desk", desk: next });
}

/** They stand in the sidebar, where there is one. */
function batches({ view, rights, replay }: App): void {
  if (replay !== undefined) replay.side.value = "office";
  if (view.arrangement.value.width === "narrow" || !rights.asks) view.open({ kind: "batches" });
  else view.open({ kind: "sidebar" });
  requestAnimationFrame(() => document.getElementById("batches")?.focus());
}

function trouble(app: App): void {
  const desk = nextTrouble(app.store.desks.value, currentDesk(app) ?? -1);
  if (desk !== undefined) app.view.open({ kind: "desk", desk });
}

function back({ view }: App): void {
  const active = document.activeElement;
  if (active instanceof HTMLElement && active.matches(FIELDS)) active.blur();
  else if (!leave(view) && !view.back()) view.list.value = false;
}

/** The address says it too, so that a reload, or the browser of a wall screen, comes back to it. */
function flipWall({ view, replay }: App): void {
  if (replay !== undefined || view.face.value === "panel") return;
  view.face.value = view.face.value === "wall" ? "whole" : "wall";
}

/** On a wall there is nothing to open: the light, and the way back. */
const ON_WALL: ReadonlySet<Deed["do"]> = new Set(["theme", "wall", "back"]);

function perform(app: App, deed: Deed): void {
  const { view, rights, stage } = app;
  const deeds: Readonly<Record<Exclude<Deed["do"], "desk">, () => unknown>> = {
    previous: () => walk(app, -1),
    next: () => walk(app, 1),
    upstairs: () => view.open({ kind: "upstairs" }),
    batches: () => batches(app),
    add: () => rights.acts && view.open({ kind: "add" }),
    share: () => rights.acts && view.open({ kind: "share" }),
    trouble: () => trouble(app),
    follow: () => follow(app),
    overview: () => nextOverview(app),
    nearer: () => stage.peek()?.nudge("nearer"),
    farther: () => stage.peek()?.nudge("farther"),
    left: () => stage.peek()?.nudge("left"),
    right: () => stage.peek()?.nudge("right"),
    home: () => stage.peek()?.nudge("home"),
    search: focusSearch,
    list: () => {
      view.list.value = !view.list.value;
    },
    replay: () => app.lookBack !== undefined && view.open({ kind: "recordings" }),
    theme: view.nextTheme,
    wall: () => flipWall(app),
    keys: () => view.open({ kind: "keys" }),
    back: () => back(app),
  };
  if (deed.do === "desk") view.open({ kind: "desk", desk: deed.desk });
  else deeds[deed.do]();
}

const CONTROLS = "button, a, summary, input, select";

/** Whether a press is for the replay that is open, and then carries it out. */
function inReplay({ replay, view }: App, event: KeyboardEvent, target: Element | undefined): boolean {
  if (replay === undefined) return false;
  const inField = target?.closest(FIELDS) != null;
  const deed = replayDeedOf(event, inField, target?.closest(CONTROLS) != null, view.singleKeys.value);
  if (deed === undefined) return false;
  performReplay(replay, deed);
  return true;
}

function onKeys(current: () => App): void {
  addEventListener("keydown", (event) => {
    const app = current();
    const target = event.target instanceof Element ? event.target : undefined;
    const inField = target?.closest(FIELDS) != null;
    const arrows = event.key.startsWith("Arrow") && target?.closest(".log, summary") != null;
    if (arrows || event.defaultPrevented || app.store.phase.value === "signedout") return;
    if (inReplay(app, event, target)) return event.preventDefault();
    const deed = deedOf(event, inField, app.view.singleKeys.value);
    if (deed === undefined || (app.view.face.value === "wall" && !ON_WALL.has(deed.do))) return;
    if (deed.do !== "back") event.preventDefault();
    perform(app, deed);
  });
}

/** A file dropped anywhere is a list of tasks; without this the browser would leave the page for it. */
function onDrops(current: () => App): void {
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    const app = current();
    const file = event.dataTransfer?.files[0];
    if (file === undefined || !app.rights.acts || app.store.state.value === undefined) return;
    void app.draft.takeFile(file);
    app.view.open({ kind: "add" });
  });
}

export function onResize({ view }: App): void {
  addEventListener("resize", () => {
    view.size.value = { width: innerWidth, height: innerHeight };
  });
}

/** @param current the page that is shown: it changes when somebody looks back */
export function listen(current: () => App): void {
  watchFocus(document);
  onKeys(current);
  onDrops(current);
  onResize(current());
}
