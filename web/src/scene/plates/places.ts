/** Where plates want to be and what they keep clear of, from the state and the way the room is seen. Pure. */
import { DESK, DESKS, DISPLAY, ROOM, SEAT_TO_DESK, STAIRS } from "../../../../assets/layout.ts";
import type { Desk, OfficeState } from "../../state/office.ts";
import type { Rect } from "../contract.ts";
import { NODES, place } from "../people/graph.ts";
import type { Block, Point, Quad } from "./boxes.ts";
import type { Plate, Room, Widths } from "./solver.ts";

/** How the room is seen: by a camera, or on a flat drawing. */
export interface View {
  /** Where a point of the room, in metres, is on the page, in CSS pixels. */
  readonly at: (x: number, y: number, z: number) => Point;
  readonly width: number;
  readonly height: number;
  readonly free: Rect;
  /** Changes with the camera. */
  readonly revision: number;
}

export interface Sizes {
  readonly widths: Widths;
  readonly heights: { readonly full: number; readonly ring: number };
}

export const UPSTAIRS = 10;
export const BACK_ROW = 5;
const RINGS_BELOW = 720;
const EDGE = 6;
/** Above the head of who sits in the back row. */
const OVER_HEAD = 2.02;
const LIFT = 8;
/** The back row's front edge is marked beside its middle, where nobody of the front row stands up in front of it. */
const ASIDE = 0.55;
const PLATE_HEIGHT = 24;

/** From chin to brow, in metres above the floor. */
const FACE_SEATED = [1.28, 1.74] as const;
const FACE_STANDING = [1.44, 1.92] as const;
const FACE_LOW = [0.95, 1.5] as const;
/** Somebody who cheers: from the elbows to the hands above their head. */
const ARMS_UP = [1.05, 2.45] as const;
/** Half as wide as so many times the height in the picture. */
const [FACE_WIDE, ARMS_WIDE] = [0.68, 0.42];
const LOW_POSES = new Set(["sit", "lounge", "crouch"]);

/** Whose plates are faded: of desks that do not work for the batch that is looked at alone. */
export const isFaded = (desk: Desk, only: string | undefined): boolean => only !== undefined && desk.batch !== only;

export interface Told {
  readonly sizes: Sizes;
  readonly selected: boolean;
  readonly faded: boolean;
}

export function deskPlate(desk: Desk, index: number, { sizes, selected, faded }: Told, view: View): Plate {
  const back = index < BACK_ROW;
  const edge = frontEdge(index, view);
  const lift = LIFT + (sizes.heights.full - PLATE_HEIGHT) / 2;
  const over = back && desk.activity !== "done" ? overHead(index, lift, view) : undefined;
  return {
    id: index,
    row: back ? "back" : "front",
    at: over ?? edge,
    or: over && edge,
    ...sizes,
    keep: desk.activity === "failed" || desk.activity === "waiting" || selected,
    selected,
    upstairs: false,
    faded,
  };
}

export function stairsPlate(sizes: Sizes, view: View): Plate {
  const at = view.at(STAIRS.x, 0.2, ROOM.z0 + 0.5);
  return { id: UPSTAIRS, row: "back", at, ...sizes, keep: false, selected: false, upstairs: true, faded: false };
}

function overHead(index: number, lift: number, view: View): Point {
  const spot = DESKS[index] ?? { x: 0, z: 0 };
  const { x, y } = view.at(spot.x, OVER_HEAD, spot.z - SEAT_TO_DESK);
  return { x, y: y - lift };
}

function frontEdge(index: number, view: View): Point {
  const spot = DESKS[index] ?? { x: 0, z: 0 };
  return view.at(spot.x + (index < BACK_ROW ? ASIDE : 0), 0.6, spot.z + DESK.depth / 2);
}

/** All that must be seen, whatever the plates say. */
export function keptClear(state: OfficeState, view: View): Room {
  const { free } = view;
  const [foot, top] = [0.5, STAIRS.sign + 0.25];
  return {
    bounds: { x: free.x + EDGE, y: free.y + EDGE, width: Math.max(0, free.width - 2 * EDGE), height: Math.max(0, free.height - 2 * EDGE) },
    display: upright(DISPLAY.x, DISPLAY.y, DISPLAY.z, DISPLAY.width + 0.1, DISPLAY.height + 0.08, view),
    stairs: upright(STAIRS.x, (foot + top) / 2, ROOM.z0, STAIRS.width, top - foot, view),
    faces: DESKS.flatMap((_, index) => {
      const desk = state.desks[index];
      return desk ? [faceOf(desk, index, view)] : [];
    }),
    ringsOnly: view.width < RINGS_BELOW,
  };
}

/** Those who are on their way are nowhere for the plates: positions change with the state, and nothing walks under a plate that would move for it. */
function faceOf(desk: Desk, index: number, view: View): Block {
  const home = `desk-${index}`;
  if (desk.activity === "done") {
    const { x, z } = NODES.get(home) ?? seat(index);
    return between(x, z, ARMS_UP, ARMS_WIDE, view);
  }
  const away = desk.activity === "idle" && desk.place !== undefined && desk.place !== home ? place(desk.place) : undefined;
  if (away) return between(away.at.x, away.at.z, LOW_POSES.has(away.pose) ? FACE_LOW : FACE_STANDING, FACE_WIDE, view);
  const { x, z } = seat(index);
  return between(x, z + 0.1, FACE_SEATED, FACE_WIDE, view);
}

function seat(index: number): { readonly x: number; readonly z: number } {
  const { x, z } = DESKS[index] ?? { x: 0, z: 0 };
  return { x, z: z - SEAT_TO_DESK };
}

function between(x: number, z: number, [low, high]: readonly [number, number], wide: number, view: View): Block {
  const [foot, top] = [view.at(x, low, z), view.at(x, high, z)];
  const height = Math.abs(foot.y - top.y);
  return { x: (foot.x + top.x) / 2, y: (foot.y + top.y) / 2, width: 2 * height * wide, height };
}

function upright(x: number, y: number, z: number, wide: number, tall: number, view: View): Quad {
  const [w, h] = [wide / 2, tall / 2];
  return [view.at(x - w, y + h, z), view.at(x + w, y + h, z), view.at(x + w, y - h, z), view.at(x - w, y - h, z)];
}
