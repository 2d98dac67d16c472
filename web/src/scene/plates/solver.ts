/**
 * Where plates go: each at its desk if there is room; else words are dropped in a fixed order, then neighbours slide, then
 * only rings are left. No two touch, none covers the wall display, the stairs or a face, none leaves the free rectangle.
 * Pure: the same camera, state and step before give the same places. Whether there is room for a title is asked for a title of
 * a fixed length, so that a longer one that comes and goes takes nobody's words away; titles then grow into what is left.
 */
import type { Rect } from "../contract.ts";
import { type Block, cleared, free, GAP, type Movable, type Obstacles, type Point, type Quad, touch } from "./boxes.ts";
import { grown } from "./growing.ts";

export type Level = "full" | "name" | "ring" | "hidden";

export interface Widths {
  /** With all its words. */
  readonly full: number;
  /** With its title cut short. */
  readonly least: number;
  readonly name: number;
  readonly ring: number;
}

export interface Plate {
  readonly id: number;
  readonly row: "back" | "front";
  /** Where its middle wants to be, and where else it may be if that is taken. */
  readonly at: Point;
  readonly or?: Point | undefined;
  readonly widths: Widths;
  readonly heights: { readonly full: number; readonly ring: number };
  /** Failed, waiting or selected: its words stay as long as any do. */
  readonly keep: boolean;
  readonly selected: boolean;
  /** It stands for the stairs, and may be in front of them. */
  readonly upstairs: boolean;
  /** Of a batch that is not looked at: a ring. */
  readonly faded: boolean;
}

export interface Placed extends Block {
  readonly id: number;
  readonly level: Level;
}

export interface Room {
  readonly bounds: Rect;
  readonly display: Quad | undefined;
  readonly stairs: Quad | undefined;
  readonly faces: readonly Block[];
  /** Small screens show rings alone, and the words of the selected one. */
  readonly ringsOnly: boolean;
}

export interface Solved {
  readonly places: readonly Placed[];
  /** Which of the steps it took, to be handed in again while only the camera moves. */
  readonly step: number;
}

export interface Box extends Movable {
  readonly plate: Plate;
  readonly level: Level;
}

const ROUNDS = 24;
/** Plates slide along their row rather than over a desk, as long as that is not this many times as far. */
const SIDEWAYS = 3;
/** Words that were dropped come back only with this much more room, so that none flicker while somebody turns the room. */
const SLACK = 9;

/** So far a plate gives way to another before anybody's words are dropped, in pixels. */
const YIELD_MAX = 10;

interface Step {
  readonly level: (plate: Plate) => Level;
  /** How far plates may be pushed aside by others. */
  readonly slides: number;
}

const words = (plate: Plate): Level => (plate.upstairs ? "full" : "name");
const chosenOnly: Step = { level: (plate) => (plate.selected ? "full" : "ring"), slides: Number.POSITIVE_INFINITY };
const STEPS: readonly Step[] = [
  { level: () => "full", slides: YIELD_MAX },
  { level: (plate) => (plate.keep || plate.row === "front" ? "full" : words(plate)), slides: YIELD_MAX },
  { level: (plate) => (plate.keep ? "full" : words(plate)), slides: YIELD_MAX },
  { level: (plate) => (plate.keep ? "full" : words(plate)), slides: Number.POSITIVE_INFINITY },
  chosenOnly,
];

/** Places all plates; the first step at which nothing touches wins. `before`: the step of the picture before, if only the camera has moved since. */
export function solved(plates: readonly Plate[], room: Room, before = 0): Solved {
  const seen = plates.filter((plate) => near(plate.at, room.bounds));
  const steps = room.ringsOnly ? [chosenOnly] : STEPS;
  for (const [step, { level, slides }] of steps.entries()) {
    const boxes = seen.map((plate) => laid(plate, plate.faded ? "ring" : level(plate), room));
    const spots = boxes.map(({ x, y }) => ({ x, y }));
    pushedApart(boxes, room);
    if (boxes.some((box, index) => moved(box, spots[index]) > slides)) continue;
    if (!settled(boxes, room, step < before ? SLACK : 0)) continue;
    grown(boxes, (box) => around(box.plate, room));
    return { places: told(plates, boxes), step };
  }
  return { places: told(plates, rings(seen, room)), step: steps.length };
}

/** Rings alone; one that finds no room is left out, the least important first. */
function rings(plates: readonly Plate[], room: Room): Box[] {
  const boxes = plates.map((plate) => laid(plate, "ring", room));
  pushedApart(boxes, room);
  const kept: Box[] = [];
  for (const box of [...boxes].sort((a, b) => rank(b.plate) - rank(a.plate) || a.plate.id - b.plate.id)) {
    if (settled([...kept, box], room, 0)) kept.push(box);
  }
  return kept;
}

const moved = ({ x, y }: Box, from: Point | undefined): number => (from ? Math.hypot(x - from.x, y - from.y) : 0);
const rank = (plate: Plate): number => (plate.faded ? 0 : plate.selected ? 4 : plate.keep ? 3 : plate.upstairs ? 2 : 1);

/** Plates whose desk is not in the picture, and those that found no room, are hidden. */
function told(plates: readonly Plate[], boxes: readonly Box[]): Placed[] {
  return plates.map((plate) => {
    const box = boxes.find((each) => each.plate === plate);
    if (!box) return { id: plate.id, level: "hidden", ...plate.at, width: 0, height: 0 };
    const { level, x, y, width, height } = box;
    return { id: plate.id, level, x, y, width, height };
  });
}

/** Whether a desk's place is in the rectangle, or so little beyond that its plate still says where it is. */
function near({ x, y }: Point, bounds: Rect): boolean {
  const [across, along] = [30, 24];
  const within = x > bounds.x - across && x < bounds.x + bounds.width + across;
  return within && y > bounds.y - along && y < bounds.y + bounds.height + along;
}

function laid(plate: Plate, level: Level, room: Room): Box {
  const width = level === "full" ? plate.widths.least : level === "name" ? plate.widths.name : plate.widths.ring;
  const height = level === "ring" ? plate.heights.ring : plate.heights.full;
  const obstacles = around(plate, room);
  const first: Box = { plate, level, width, height, ...plate.at };
  cleared(first, obstacles);
  if (!plate.or || free(first, obstacles)) return first;
  const second: Box = { ...first, ...plate.or };
  cleared(second, obstacles);
  return free(second, obstacles) ? second : first;
}

function around(plate: Plate, { bounds, display, stairs, faces }: Room): Obstacles {
  const walls = [...(display ? [display] : []), ...(stairs && !plate.upstairs ? [stairs] : [])];
  return { bounds, walls, faces };
}

function settled(boxes: readonly Box[], room: Room, extra: number): boolean {
  return boxes.every(
    (box, index) => free(box, around(box.plate, room), extra) && !boxes.slice(index + 1).some((other) => touch(box, other, GAP + extra)),
  );
}

/** Moves touching neighbours away from one another, the selected one never. */
function pushedApart(boxes: readonly Box[], room: Room): void {
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false;
    boxes.forEach((a, index) => {
      for (const b of boxes.slice(index + 1)) {
        if (!touch(a, b)) continue;
        part(a, b);
        moved = true;
      }
    });
    if (!moved) return;
    for (const box of boxes) cleared(box, around(box.plate, room));
  }
}

function part(a: Box, b: Box): void {
  const x = (a.width + b.width) / 2 + GAP - Math.abs(a.x - b.x);
  const y = (a.height + b.height) / 2 + GAP - Math.abs(a.y - b.y);
  const axis = x < y * SIDEWAYS ? "x" : "y";
  const sign = a[axis] <= b[axis] ? 1 : -1;
  const far = (axis === "x" ? x : y) + 0.5;
  const share = a.plate.selected ? 0 : b.plate.selected ? 1 : 0.5;
  a[axis] -= sign * far * share;
  b[axis] += sign * far * (1 - share);
}
