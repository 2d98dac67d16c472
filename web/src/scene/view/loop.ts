/**
 * Renders on demand: at display rate while somebody walks or the camera moves, at most 15 times a second for breath and
 * blinks, once when the state changed, never in a hidden tab.
 */
export type Pace = "still" | "idle" | "moving";

const IDLE_MS = 1000 / 15;
/** A machine that draws slowly gets this many times a render's delay of rest between idle renders. */
const REST = 3;

/**
 * How long to wait after a render before the next one; undefined: until something asks. `delay` is how long the last
 * render was waited for: about a display's frame where graphics are fast, far more where they are drawn in software.
 */
export function pause(pace: Pace, delay: number): number | undefined {
  if (pace === "still") return undefined;
  return pace === "idle" ? Math.max(IDLE_MS, delay * REST) : 0;
}

export interface Loop {
  /** Something changed: render soon. */
  wake(): void;
  stop(): void;
}

/** `render` draws and says what comes next. */
export function loop(render: () => Pace): Loop {
  let [frame, timer, asked, stopped] = [0, 0, 0, false];

  function draw(): void {
    frame = 0;
    if (stopped || document.hidden) return;
    const wait = pause(render(), performance.now() - asked);
    if (wait === 0) ask();
    else if (wait !== undefined) timer = window.setTimeout(ask, wait);
  }

  function ask(): void {
    window.clearTimeout(timer);
    if (frame !== 0 || stopped || document.hidden) return;
    asked = performance.now();
    frame = requestAnimationFrame(draw);
  }

  document.addEventListener("visibilitychange", ask);
  ask();
  return {
    wake: ask,
    stop() {
      stopped = true;
      cancelAnimationFrame(frame);
      window.clearTimeout(timer);
      document.removeEventListener("visibilitychange", ask);
    },
  };
}
