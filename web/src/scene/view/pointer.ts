/** Hands on the canvas: drag turns, with the right button or shift it moves, wheel and pinch zoom, two fingers move, a click picks, a double click goes home. */
const CLICK_SLACK = 5;
const TURN_PER_PIXEL = 0.005;
const TILT_PER_PIXEL = 0.004;
const RIGHT_OR_MIDDLE = 6;

export interface Gestures {
  readonly turn: (dx: number, dy: number) => void;
  /** By so many CSS pixels. */
  readonly move: (dx: number, dy: number) => void;
  readonly zoom: (factor: number, x: number, y: number) => void;
  readonly pick: (x: number, y: number) => void;
  readonly hover: (x: number, y: number) => void;
  readonly home: () => void;
}

interface Spot {
  x: number;
  y: number;
}

/** Listens until the returned function is called. */
export function pointer(canvas: HTMLCanvasElement, gestures: Gestures): () => void {
  const down = new Map<number, Spot>();
  let travelled = 0;
  const at = (event: MouseEvent): Spot => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  function press(event: PointerEvent): void {
    if (down.size === 0) travelled = 0;
    down.set(event.pointerId, at(event));
    canvas.setPointerCapture(event.pointerId);
  }

  function move(event: PointerEvent): void {
    const [before, now] = [down.get(event.pointerId), at(event)];
    if (!before) {
      gestures.hover(now.x, now.y);
      return;
    }
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    travelled += Math.hypot(dx, dy);
    if (down.size === 1 && travelled > CLICK_SLACK) drag(event, dx, dy);
    if (down.size === 2) pinch(event.pointerId, before, now);
    down.set(event.pointerId, now);
  }

  function drag({ buttons, shiftKey }: PointerEvent, dx: number, dy: number): void {
    if (shiftKey || (buttons & RIGHT_OR_MIDDLE) !== 0) gestures.move(dx, dy);
    else gestures.turn(dx * TURN_PER_PIXEL, dy * TILT_PER_PIXEL);
  }

  /** Zooms about the middle between two fingers, and moves with it. */
  function pinch(id: number, before: Spot, now: Spot): void {
    for (const [other, spot] of down) {
      if (other === id) continue;
      const [was, is] = [Math.hypot(before.x - spot.x, before.y - spot.y), Math.hypot(now.x - spot.x, now.y - spot.y)];
      gestures.move((now.x - before.x) / 2, (now.y - before.y) / 2);
      if (was > 0) gestures.zoom(is / was, (now.x + spot.x) / 2, (now.y + spot.y) / 2);
    }
  }

  function release(event: PointerEvent): void {
    const still = down.delete(event.pointerId) && down.size === 0 && travelled <= CLICK_SLACK;
    if (still && event.type === "pointerup" && event.button === 0) gestures.pick(at(event).x, at(event).y);
  }

  function wheel(event: WheelEvent): void {
    event.preventDefault();
    const spot = at(event);
    gestures.zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.04 : 0.0016)), spot.x, spot.y);
  }

  const heard: ReadonlyArray<readonly [string, EventListener]> = [
    ["pointerdown", press as EventListener],
    ["pointermove", move as EventListener],
    ["pointerup", release as EventListener],
    ["pointercancel", release as EventListener],
    ["wheel", wheel as EventListener],
    ["dblclick", gestures.home],
    ["contextmenu", (event) => event.preventDefault()],
  ];
  for (const [name, listener] of heard) canvas.addEventListener(name, listener, { passive: false });
  return () => {
    for (const [name, listener] of heard) canvas.removeEventListener(name, listener);
  };
}
