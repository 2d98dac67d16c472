/**
 * `window.__tendesks`: what tests in a browser may ask the page, and nothing that could change the world.
 *
 * - `state()`: the state as last applied, or `undefined` before the first keyframe
 * - `stage()`: the 3D office once it is made; `undefined` in the list or without WebGL
 * - `connection()`: `{phase, epoch, seq}` of the live socket
 * - `now()`: the server's time as the page estimates it, in milliseconds since the epoch
 */
import type { Stage } from "../scene/contract.ts";
import type { OfficeState } from "../state/office.ts";
import type { Connection } from "../state/store.ts";
import type { App } from "./app.ts";

export interface Hook {
  state(): OfficeState | undefined;
  stage(): Stage | undefined;
  connection(): Connection;
  now(): number;
}

declare global {
  interface Window {
    __tendesks?: Hook;
  }
}

export function hang(app: App): void {
  window.__tendesks = {
    state: () => app.store.state.peek(),
    stage: () => app.stage.peek(),
    connection: app.store.connection,
    now: app.now,
  };
}
