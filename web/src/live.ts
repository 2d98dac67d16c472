/** What every live page does, whoever looks: a socket that feeds the store, a beat for what shows passing time, day and night. */
import { effect } from "@preact/signals";
import { createSocket, type LiveSocket, type Wire } from "./net/socket.ts";
import type { OfficeStore } from "./state/store.ts";
import type { View } from "./ui/view.ts";

/** A monotone clock of this machine, in milliseconds. */
export const local = () => performance.now();

const BEAT_MS = 200;
const BEATS = 5;

export function liveUrl(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`;
}

export function connect(store: OfficeStore, open: (subprotocol: string) => Wire): LiveSocket {
  const socket = createSocket({
    open,
    timers: { set: (after, ms) => window.setTimeout(after, ms), clear: (id) => clearTimeout(id) },
    chance: Math.random,
    deliver: store.deliver,
    onPhase: store.enter,
  });
  document.addEventListener("visibilitychange", () => socket.visible(document.visibilityState === "visible"));
  addEventListener("online", () => socket.visible(document.visibilityState === "visible"));
  return socket;
}

/** One timer for everything that shows passing time; it rests while nobody looks. */
export function beat(view: View): void {
  setInterval(() => {
    if (document.visibilityState === "hidden") return;
    view.beat.value += 1;
    if (view.beat.value % BEATS === 0) view.second.value += 1;
  }, BEAT_MS);
}

/** Which sky is behind the room: those of dawn and dusk belong to the day's colours, so they are light. */
export function skyAt(hour: number): "night" | "dawn" | "day" | "dusk" {
  if (hour < 7 || hour >= 19) return "night";
  if (hour < 8.2) return "dawn";
  return hour < 17.2 ? "day" : "dusk";
}

export function dress(view: View): void {
  effect(() => {
    document.documentElement.classList.toggle("night", view.night.value);
    document.documentElement.style.colorScheme = view.night.value ? "dark" : "light";
    document.documentElement.dataset["sky"] = skyAt(view.hour.value);
  });
}
