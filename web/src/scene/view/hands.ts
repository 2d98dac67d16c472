/** What a person does to the camera: drag turns, two fingers or the right button move, wheel and pinch zoom, a double click goes home; keys do the same. */
import type { Move, Rect } from "../contract.ts";
import type { Rig } from "./camera.ts";
import type { Gestures } from "./pointer.ts";

/** How much a key turns, in radians, and zooms. */
const [KEY_TURN, KEY_ZOOM] = [Math.PI / 18, 1.35];

export interface Hands {
  readonly gestures: Pick<Gestures, "turn" | "move" | "zoom" | "home">;
  nudge(move: Move): void;
}

export interface Held {
  readonly rig: Rig;
  readonly still: boolean;
  /** What the panels leave free now. */
  readonly free: () => Rect;
  /** Something has moved: draw. */
  readonly moved: () => void;
  /** The camera is in the person's hands again. */
  readonly left: () => void;
}

export function hands({ rig, still, free, moved, left }: Held): Hands {
  function home(): void {
    rig.home(!still);
    left();
    moved();
  }

  function zoomed(factor: number): void {
    const { x, y, width, height } = free();
    rig.zoom(factor, x + width / 2, y + height / 2, !still);
    moved();
  }

  function turned(by: number): void {
    rig.orbit(by, 0, !still);
    moved();
  }

  return {
    gestures: {
      turn(dx, dy) {
        rig.orbit(dx, dy);
        moved();
      },
      move(dx, dy) {
        rig.follow(undefined, false);
        rig.pan(dx, dy);
        left();
        moved();
      },
      zoom(factor, x, y) {
        rig.zoom(factor, x, y);
        moved();
      },
      home,
    },
    nudge(move) {
      if (move === "home") home();
      else if (move === "left" || move === "right") turned(move === "left" ? -KEY_TURN : KEY_TURN);
      else zoomed(move === "nearer" ? KEY_ZOOM : 1 / KEY_ZOOM);
    },
  };
}
