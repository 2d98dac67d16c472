import type { Course } from "../state/course.ts";

/** A rectangle of the page in CSS pixels. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a person pointed at in the room. */
export type Target = { readonly desk: number } | { readonly stairs: true } | { readonly display: true };

/** What keys do to the camera. */
export type Move = "nearer" | "farther" | "left" | "right" | "home";

/** What one render took, in milliseconds: of moving everything, and of handing it to the graphics card. */
export interface Cost {
  readonly update: number;
  readonly submit: number;
}

export interface StageOptions {
  readonly canvas: HTMLCanvasElement;
  /** An element over the canvas, pointer-events none, that receives the plates. */
  readonly plates: HTMLElement;
  /** The moment that is shown, in milliseconds: of the server as this page estimates it, or of a replay. */
  readonly now: () => number;
  /** The hour of the day whose light it is, 0 to 24. */
  readonly hour: number;
  readonly reducedMotion: boolean;
  /** Called once the models are in and the whole room is drawn. */
  readonly onReady?: () => void;
  readonly onPick?: (target: Target) => void;
  /** Somebody took the camera into their own hands while it followed somebody, or sent it home. */
  readonly onLeave?: () => void;
  /** The graphics context cannot be had or was lost for good: show the list instead. */
  readonly onLost?: () => void;
}

/** The 3D office. Created once for a page; data changes mutate its objects and never rebuild them. */
export interface Stage {
  /** Shows the last state of this course; cheap to call on every applied frame. */
  show(course: Course): void;
  /** Fits the room's box into what the panels leave free; `animate` when a person opened or closed something. */
  fit(free: Rect, animate: boolean): void;
  /** Marks one desk (0 to 9) as selected, or none. */
  select(desk: number | undefined): void;
  /** The camera goes with whoever belongs to this desk, wherever they are; with nobody, it goes home. */
  follow(desk: number | undefined): void;
  /** Dims all desks but those of one batch; none: all are seen alike. */
  overview(batch: string | undefined): void;
  /** Moves the camera as a key asks. */
  nudge(move: Move): void;
  /** The light of an hour of the day, 0 to 24. */
  light(hour: number): void;
  /** Greys the room when what it shows has gone stale. */
  stale(on: boolean): void;
  /** The camera sways slowly from side to side, on a wall and nowhere else; not where less motion was asked for. */
  sway(on: boolean): void;
  /** Draws one render for the given moment at once: for tests and pictures with a clock of their own. The same course and moment give the same picture. */
  renderAt(now: number): Cost;
  /** Moves everything to a moment and draws nothing: for tests that weigh what that leaves behind. */
  updateAt(now: number): void;
  /** Counts of the last render, of what lives on the graphics card, and of all renders so far, for budgets. */
  counts(): {
    readonly renders: number;
    readonly calls: number;
    readonly triangles: number;
    readonly programs: number;
    readonly geometries: number;
    readonly textures: number;
  };
  /** What is drawn at each desk now, for tests that compare it with the database. */
  drawn(): ReadonlyArray<{ readonly desk: number; readonly activity: string; readonly execution?: string; readonly plate: string }>;
  dispose(): void;
}
