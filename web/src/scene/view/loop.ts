/**
 * Renders on demand: at display rate while somebody walks or the camera moves, at most 15 times a second for breath and
 * blinks, once when the state changed, never in a hidden tab.
 */
export type Pace = "still" | "idle" | "moving";

const IDLE_MS = 1000 / 15;
/** A machine that draws slowly gets this many times a render's delay of rest between idle renders. */
const REST = 3;
/** Slower than this a walk is a row of stills anyway, as where graphics are drawn in software: then it rests for as long as it drew. */
const SLOW_MS = 200;
/** What one render adds to the usual delay: a single slow one, as when programs are compiled, is no slow machine. */
const SHARE = 0.25;

/**
 * How long to wait after a render before the next one; undefined: until something asks. `delay` is how long the last
 * render was waited for: about a display's frame where graphics are fast, far more where they are drawn in software.
 */
export function pause(pace: Pace, delay: number): number | undefined {
  if (pace === "still") return undefined;
  return pace === "idle" ? Math.max(IDLE_MS, delay * REST) : 0;
}

/** How long nothing is drawn after a render, whatever asks, where one usually takes so long. */
const rest = (usual: number): number => (usual > SLOW_MS ? usual : 0);

export interface Loop {
  /** Something changed: render soon. */
  wake(): void;
  stop(): void;
}

/** `render` draws and says what comes next. */
export function loop(render: () => Pace): Loop {
  let [frame, timer, asked, usual, rested, stopped] = [0, 0, 0, 0, 0, false];

  function draw(): void {
    frame = 0;
    if (stopped || document.hidden) return;
    const pace = render();
    const now = performance.now();
    usual += (now - asked - usual) * SHARE;
    rested = now + rest(usual);
    const wait = pause(pace, now - asked);
    if (wait === 0) wake();
    else if (wait !== undefined) timer = window.setTimeout(wake, wait);
  }

  function wake(): void {
    const left = rested - performance.now();
    if (left <= 0) ask();
    else if (frame === 0) {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, left);
    }
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
    wake,
    stop() {
      stopped = true;
      cancelAnimationFrame(frame);
      window.clearTimeout(timer);
      document.removeEventListener("visibilitychange", ask);
    },
  };
}
