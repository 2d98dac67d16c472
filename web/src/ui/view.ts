/** What the person looks at: which panel is open, list or room, day or night, the window's size. Nothing here changes the world. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Rect } from "../scene/contract.ts";
import type { Face } from "./face.ts";
import { type Arrangement, alone, arrange, filled, type Room, type Size, widthOf } from "./layout.ts";

export type Panel =
  | { readonly kind: "sidebar" | "batches" | "add" | "upstairs" | "plans" | "keys" | "recordings" | "account" }
  | { readonly kind: "desk"; readonly desk: number }
  | { readonly kind: "batch"; readonly id: string }
  | { readonly kind: "share"; readonly subject?: Subject };

/** What a link is to show, where it is not the office as it is. Moments are milliseconds since 1970. */
export type Subject =
  | { readonly batch: string; readonly name: string }
  | { readonly recording: string; readonly name: string; readonly from?: number; readonly to?: number };

export type Theme = "day" | "night" | "clock";

const THEMES: readonly Theme[] = ["clock", "day", "night"];
const ROOMS: Readonly<Record<Panel["kind"], Room>> = {
  sidebar: "column",
  batches: "sheet",
  add: "sheet",
  upstairs: "column",
  plans: "page",
  keys: "column",
  account: "sheet",
  desk: "column",
  batch: "sheet",
  share: "share",
  recordings: "column",
};
const SIDEBAR: Panel = { kind: "sidebar" };
/** From when to when the page is dark. */
const DAWN = 7;
const DUSK = 19;
/** The hours whose light the room has where somebody has chosen it. */
const BY_DAY = 10.5;
const BY_NIGHT = 22;

/** The time on the viewer's wall, in hours: 7.5 is half past seven. */
export function hourHere(): number {
  const now = new Date();
  return now.getHours() + now.getMinutes() / 60;
}

/** Where choices are kept between visits; a browser may refuse. */
export interface Keep {
  get(name: string): string | null;
  set(name: string, value: string): void;
}

export interface View {
  readonly panel: ReadonlySignal<Panel>;
  readonly list: Signal<boolean>;
  /** The room is drawn flat: this device has no 3D, or little memory. */
  readonly flat: Signal<boolean>;
  /** The room cannot be drawn at all: the list stands where it would. */
  readonly noRoom: Signal<boolean>;
  readonly theme: ReadonlySignal<Theme>;
  readonly night: ReadonlySignal<boolean>;
  /** The hour of the day whose light the room has, 0 to 24. */
  readonly hour: ReadonlySignal<number>;
  readonly singleKeys: Signal<boolean>;
  /** Off until asked for. */
  readonly sounds: Signal<boolean>;
  readonly notices: Signal<boolean>;
  /** The camera goes with whoever's desk is open. */
  readonly following: Signal<boolean>;
  /** The one batch whose desks stand out. */
  readonly only: Signal<string | undefined>;
  /** The office is empty: a word of welcome stands where the sidebar would. */
  readonly hello: Signal<boolean>;
  /** How much of the page is shown: all of it, a wall's view, or the panel alone. */
  readonly face: Signal<Face>;
  /** Where the room stands on a wall, once that is worked out. */
  readonly roomPlace: Signal<Rect | undefined>;
  readonly size: Signal<Size>;
  readonly arrangement: ReadonlySignal<Arrangement>;
  /** Counts up once a second, and five times a second, while the page is looked at. */
  readonly second: Signal<number>;
  readonly beat: Signal<number>;
  open(panel: Panel): void;
  /** Closes one thing; says whether there was one. */
  back(): boolean;
  nextTheme(): void;
}

/**
 * @param hour the time on the viewer's wall
 * @param rooms how much room panels get where that differs: on a guest's page
 */
export function createView(keep: Keep, size: Size, hour: () => number, rooms: Partial<Record<Panel["kind"], Room>> = {}): View {
  const trail = signal<readonly Panel[]>([]);
  const panel = computed(() => trail.value.at(-1) ?? SIDEBAR);
  const theme = signal<Theme>(THEMES.find((name) => name === keep.get("theme")) ?? "clock");
  const second = signal(0);
  const minute = computed(() => Math.floor(second.value / 60));
  const list = signal(keep.get("list") === "yes");
  const [flat, noRoom] = [signal(false), signal(false)];
  const hello = signal(false);
  const singleKeys = signal(keep.get("keys") !== "off");
  const [sounds, notices] = [kept("sounds"), kept("notices")];
  const face = signal<Face>("whole");
  const roomPlace = signal<Rect | undefined>(undefined);
  const sized = signal(size);
  const room = computed<Room>(roomOf);
  const [following, only] = [signal(false), signal<string | undefined>(undefined)];
  effect(() => {
    if (panel.value.kind !== "desk") following.value = false;
  });
  effect(() => keep.set("keys", singleKeys.value ? "on" : "off"));

  /** Something that is off until somebody turns it on, and is remembered. */
  function kept(name: string): Signal<boolean> {
    const on = signal(keep.get(name) === "on");
    effect(() => keep.set(name, on.value ? "on" : "off"));
    return on;
  }

  /** On a phone that shows the list there is no office to leave free; a list is not made as small as the office beside a page. */
  function roomOf(): Room {
    if (panel.value.kind === "sidebar") return hello.value ? "hello" : (rooms.sidebar ?? "column");
    const listed = list.value || noRoom.value;
    const asked = rooms[panel.value.kind] ?? ROOMS[panel.value.kind];
    return listed && (asked === "page" || widthOf(sized.value.width) === "narrow") ? "sheet" : asked;
  }

  function arranged(): Arrangement {
    if (face.value === "panel") return filled(sized.value);
    if (face.value === "whole") return arrange(sized.value, room.value);
    const bare = alone(sized.value);
    return roomPlace.value === undefined ? bare : { ...bare, free: roomPlace.value, list: roomPlace.value };
  }

  function lit(): number {
    if (theme.value !== "clock") return theme.value === "night" ? BY_NIGHT : BY_DAY;
    return minute.value >= 0 ? hour() : 0;
  }
  const shown = computed(lit);

  return {
    panel,
    list,
    flat,
    noRoom,
    theme,
    night: computed(() => shown.value < DAWN || shown.value >= DUSK),
    hour: shown,
    singleKeys,
    sounds,
    notices,
    following,
    only,
    hello,
    face,
    roomPlace,
    size: sized,
    arrangement: computed(arranged),
    second,
    beat: signal(0),
    open(next) {
      if (next.kind === "sidebar") trail.value = [];
      else if (next.kind === panel.value.kind) trail.value = [...trail.value.slice(0, -1), next];
      else trail.value = [...trail.value.filter((open) => open.kind !== next.kind), next];
    },
    back() {
      if (face.value === "wall") {
        face.value = "whole";
        return true;
      }
      if (trail.value.length === 0) return false;
      trail.value = trail.value.slice(0, -1);
      return true;
    },
    nextTheme() {
      theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? "clock";
      keep.set("theme", theme.value);
    },
  };
}
