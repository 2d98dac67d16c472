/** All plates of the room: written from the state, placed when the camera, the state or a size has changed. */
import { type PerspectiveCamera, Vector3 } from "three";
import { DESK, DESKS, DISPLAY, ROOM, SEAT_TO_DESK, STAIRS } from "../../../../assets/layout.ts";
import type { Desk, OfficeState } from "../../state/office.ts";
import type { Rect } from "../contract.ts";
import { type PlateElement, plateElement } from "./element.ts";
import { type Placed, type Plate, type Point, type Quad, type Room, solved } from "./solver.ts";
import { plateText } from "./text.ts";
import { upstairsPlate } from "./upstairs.ts";

const RINGS_BELOW = 720;
const EDGE = 6;
const UPSTAIRS = 10;
/** Above the head of who sits in the back row. */
const OVER_HEAD = 2.02;
const LIFT = 8;
/** The back row's front edge is marked beside its middle, where nobody of the front row stands up in front of it. */
const ASIDE = 0.55;
const BACK_ROW = 5;

export interface View {
  readonly camera: PerspectiveCamera;
  readonly width: number;
  readonly height: number;
  readonly free: Rect;
  /** Changes with the camera. */
  readonly revision: number;
}

export interface Plates {
  /** Brings words, rings and places up to date; cheap when nothing changed. */
  update(state: OfficeState, now: number, selected: number | undefined, view: View): void;
  words(desk: number): string;
  /** The plate at a point of the page: a desk's number, 10 for the stairs. */
  hit(x: number, y: number): number | undefined;
}

type Corner = readonly [number, number, number];

export function plates(parent: HTMLElement): Plates {
  const elements = DESKS.map(() => plateElement(parent));
  const up = upstairsPlate(parent);
  let [places, revision, marked]: [Placed[], number, number | undefined] = [[], -1, undefined];
  let [written, remeasure] = ["", false];

  document.fonts?.ready.then(() => {
    remeasure = true;
  });

  function write(state: OfficeState, now: number, selected: number | undefined): boolean {
    let changed = up.write(state.overflow.count);
    if (changed) up.measure();
    elements.forEach((element, index) => {
      const desk = state.desks[index];
      if (!desk || !element.write(plateText(state, desk, now), index === selected, index >= BACK_ROW)) return;
      element.measure();
      changed = true;
    });
    return changed;
  }

  function arrange(state: OfficeState, selected: number | undefined, view: View): void {
    const list = elements.flatMap((element, index): Plate[] => {
      const desk = state.desks[index];
      return desk ? [deskPlate(element, desk, index, index === selected, view)] : [];
    });
    if (up.shown())
      list.push({
        id: UPSTAIRS,
        row: "back",
        at: onScreen([STAIRS.x, 0.2, ROOM.z0 + 0.5], view),
        ...up.sizes(),
        keep: false,
        selected: false,
        upstairs: true,
      });
    places = solved(list, room(view));
    for (const place of places) (place.id === UPSTAIRS ? up : elements[place.id])?.put(place);
    if (!up.shown()) up.measure();
  }

  return {
    update(state, now, selected, view) {
      const stance = stanceOf(state);
      const changed = write(state, now, selected) || remeasure;
      if (remeasure) for (const element of [...elements, up]) element.measure();
      remeasure = false;
      if (!changed && revision === view.revision && marked === selected && stance === written) return;
      [revision, marked, written] = [view.revision, selected, stance];
      arrange(state, selected, view);
    },
    words: (desk) => elements[desk]?.words() ?? "",
    hit: (x, y) =>
      places.find(
        (place) => place.level !== "hidden" && Math.abs(place.x - x) <= place.width / 2 && Math.abs(place.y - y) <= place.height / 2,
      )?.id,
  };
}

/** What decides where plates stand, beside their words: who cheers. */
function stanceOf(state: OfficeState): string {
  let stance = "";
  for (let desk = 0; desk < DESKS.length; desk++) stance += state.desks[desk]?.activity === "done" ? "1" : "0";
  return stance;
}

function deskPlate(element: PlateElement, desk: Desk, index: number, selected: boolean, view: View): Plate {
  const spot = DESKS[index] ?? { x: 0, z: 0 };
  const low = index >= BACK_ROW || desk.activity === "done";
  const at: Corner = low
    ? [spot.x + (index < BACK_ROW ? ASIDE : 0), 0.6, spot.z + DESK.depth / 2]
    : [spot.x, OVER_HEAD, spot.z - SEAT_TO_DESK];
  const keep = desk.activity === "failed" || desk.activity === "waiting" || selected;
  return {
    id: index,
    row: index < BACK_ROW ? "back" : "front",
    at: low ? onScreen(at, view) : lifted(onScreen(at, view)),
    ...element.sizes(),
    keep,
    selected,
    upstairs: false,
  };
}

const lifted = ({ x, y }: Point): Point => ({ x, y: y - LIFT });

const point = new Vector3();

/** Where a point of the room is on the page, in CSS pixels. */
export function onScreen([x, y, z]: Corner, { camera, width, height }: Pick<View, "camera" | "width" | "height">): Point {
  point.set(x, y, z).project(camera);
  return { x: ((point.x + 1) * width) / 2, y: ((1 - point.y) * height) / 2 };
}

function upright(x: number, y: number, z: number, wide: number, tall: number, view: View): Quad {
  const [w, h] = [wide / 2, tall / 2];
  const corner = (dx: number, dy: number): Point => onScreen([x + dx, y + dy, z], view);
  return [corner(-w, h), corner(w, h), corner(w, -h), corner(-w, -h)];
}

function room(view: View): Room {
  const { free } = view;
  const [foot, top] = [0.5, STAIRS.sign + 0.25];
  return {
    bounds: { x: free.x + EDGE, y: free.y + EDGE, width: Math.max(0, free.width - 2 * EDGE), height: Math.max(0, free.height - 2 * EDGE) },
    display: upright(DISPLAY.x, DISPLAY.y, DISPLAY.z, DISPLAY.width + 0.1, DISPLAY.height + 0.08, view),
    stairs: upright(STAIRS.x, (foot + top) / 2, ROOM.z0, STAIRS.width, top - foot, view),
    ringsOnly: view.width < RINGS_BELOW,
  };
}
