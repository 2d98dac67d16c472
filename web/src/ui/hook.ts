/**
 * `window.__tendesks`: what tests in a browser may ask the page, and nothing that could change the world.
 *
 * - `state()`: the state as last applied, or `undefined` before the first keyframe
 * - `stage()`: the 3D office once it is made; `undefined` in the list or without WebGL
 * - `connection()`: `{phase, epoch, seq}` of the live socket
 * - `now()`: the moment that is shown, in milliseconds since the epoch: the server's time as the page estimates it, or a replay's
 * - `course()`: the states of the last moments with when they began
 * - `replay()`: where the replay that is open stands, if one is; `seek(at)` goes to a moment of it
 */
import type { Stage } from "../scene/contract.ts";
import type { Course } from "../state/course.ts";
import type { OfficeState } from "../state/office.ts";
import type { Connection } from "../state/store.ts";
import type { App } from "./app.ts";

export interface ReplayHook {
  readonly position: number;
  readonly shown: number;
  readonly bounds: readonly [number, number];
  readonly playing: boolean;
  readonly waiting: boolean;
  readonly known: boolean;
  readonly speed: number;
  seek(at: number): void;
}

export interface Hook {
  state(): OfficeState | undefined;
  stage(): Stage | undefined;
  connection(): Connection;
  now(): number;
  course(): Course;
  replay(): ReplayHook | undefined;
}

declare global {
  interface Window {
    __tendesks?: Hook;
  }
}

function replayOf({ replay }: App): ReplayHook | undefined {
  if (replay === undefined) return undefined;
  const { position, shown, bounds, playing, waiting, known, speed, seek } = replay.player;
  return {
    position: position.peek(),
    shown: shown.peek(),
    bounds: bounds.peek(),
    playing: playing.peek(),
    waiting: waiting.peek(),
    known: known.peek(),
    speed: speed.peek(),
    seek,
  };
}

/** @param current the page that is shown */
export function hang(current: () => App): void {
  window.__tendesks = {
    state: () => current().store.state.peek(),
    stage: () => current().stage.peek(),
    connection: () => current().store.connection(),
    now: () => current().now(),
    course: () => current().store.course.peek(),
    replay: () => replayOf(current()),
  };
}
