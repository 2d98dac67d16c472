/** The measures of the room in metres, shared by the models and by the scene that lights and labels them. */
import places from "./places.json" with { type: "json" };

export const ROOM = { x0: -7.3, x1: 7.2, z0: -4.6, z1: 4.0, height: 3.3 } as const;

export interface DeskSpot {
  readonly x: number;
  readonly z: number;
}

/** How far in front of its seat the middle of a desk stands. */
export const SEAT_TO_DESK = 0.8;

/** The ten desks, each in front of its seat in places.json. */
export const DESKS: readonly DeskSpot[] = Object.values(places.seats).map(([x = 0, z = 0]) => ({
  x: x / 100,
  z: z / 100 + SEAT_TO_DESK,
}));

export const DESK = { width: 1.75, depth: 0.86, top: 0.777 } as const;

/** Where a desk's monitor stands, how it is turned towards the worker and tilted, and its screen. */
export const MONITOR = { x: -0.5, z: 0.1, y: 1.14, turn: 1.1, tilt: 0.24, width: 0.84, height: 0.52 } as const;

/** The wall display: the middle of its picture, and its size. */
export const DISPLAY = { x: -0.6, y: 2.28, z: ROOM.z0 + 0.15, width: 4.1, height: 1.54 } as const;

export const WINDOWS = { zs: [-2.8, -0.1, 2.6], width: 1.8, low: 1.0, high: 2.75 } as const;

/** The opening in the back wall that leads upstairs. */
export const STAIRS = { x: 6.15, width: 1.3, height: 2.3, depth: 1.15, steps: 6, sign: 2.82 } as const;

export const CLOCK = { x: 2.35, y: 2.72, z: ROOM.z0 + 0.12, radius: 0.25 } as const;

/** The table at the front, where nothing hides it, that carries the two trays. */
export const TRAYS = { top: 0.6, z: 3.42, inX: 2.96, outX: 3.58 } as const;

/** The sideboard under the clock. */
export const SIDEBOARD = { top: 0.78, x: 2.2, z: ROOM.z0 + 0.36 } as const;

/** Lamps that shed light at night: place, strength and reach (a point light's intensity, distance and decay). */
export const LAMPS = [
  { x: 6.7, y: 1.9, z: 0.9, strength: 14, reach: 7 },
  { x: -6.8, y: 1.9, z: -2.9, strength: 14, reach: 7 },
  { x: -2.2, y: 2.4, z: 0.2, strength: 22, reach: 9 },
  { x: 2.6, y: 2.4, z: 0.2, strength: 22, reach: 9 },
  { x: -0.5, y: 2.6, z: 3.0, strength: 12, reach: 8 },
] as const;

/** The floor lamps one can see. */
export const FLOOR_LAMPS = [
  { x: 6.7, z: 0.9 },
  { x: -6.8, z: -2.9 },
] as const;

/** Desks with a lamp, and where its light falls on the desk's top. */
export const hasLamp = (desk: number): boolean => desk % 2 === 0;
export const LAMP_POOL = { x: 0.42, z: -0.12 } as const;
