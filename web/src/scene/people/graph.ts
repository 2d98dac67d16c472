/** Ways through the office: the graph of places.json, its shortest routes, and where a walker is on one. */
import places from "../../../../assets/places.json";

export interface Spot {
  readonly x: number;
  readonly z: number;
}

/** Corners of a way, in metres. */
export interface Route {
  readonly corners: readonly Spot[];
  readonly length: number;
  /** Of each piece how long it is and where it leads, reckoned once; the piece before the second corner is the first. */
  readonly long: Float64Array;
  readonly heading: Float64Array;
}

type Pair = readonly number[];
const metres = ([x = 0, z = 0]: Pair): Spot => ({ x: x / 100, z: z / 100 });
const spots = (table: Readonly<Record<string, Pair>>): ReadonlyMap<string, Spot> =>
  new Map(Object.entries(table).map(([name, pair]) => [name, metres(pair)]));

export const NODES = spots(places.nodes);
export const SEATS = spots(places.seats);
export const EDGES: ReadonlyArray<readonly [string, string]> = places.edges.map(([a = "", b = ""]) => [a, b]);

export interface Place {
  readonly at: Spot;
  /** Radians: 0 looks to the viewer, a quarter turn to the right. */
  readonly face: number;
  readonly pose: string;
}

const PLACES: ReadonlyMap<string, Place> = new Map(
  places.places.map(({ name, face, pose }) => [name, { at: NODES.get(name) ?? { x: 0, z: 0 }, face: (face * Math.PI) / 180, pose }]),
);
export const place = (name: string): Place | undefined => PLACES.get(name);

/** Not by Math.hypot, which puts every number it is given into a box of its own. */
export function apart(a: Spot, b: Spot): number {
  const x = b.x - a.x;
  const z = b.z - a.z;
  return Math.sqrt(x * x + z * z);
}

const neighbours = new Map<string, string[]>();
for (const [a, b] of EDGES) {
  neighbours.set(a, [...(neighbours.get(a) ?? []), b]);
  neighbours.set(b, [...(neighbours.get(b) ?? []), a]);
}

interface Reached {
  readonly far: number;
  readonly before: string | undefined;
}

/** Dijkstra over a few dozen nodes; ties go to the name that sorts first, so every page walks the same way. */
function shortest(from: string, to: string): string[] {
  const reached = new Map<string, Reached>([[from, { far: 0, before: undefined }]]);
  const open = new Set([from]);
  while (open.size > 0) {
    const here = [...open].sort((a, b) => (reached.get(a)?.far ?? 0) - (reached.get(b)?.far ?? 0) || (a < b ? -1 : 1))[0] ?? to;
    if (here === to) break;
    open.delete(here);
    for (const next of neighbours.get(here) ?? []) {
      const far = (reached.get(here)?.far ?? 0) + gap(here, next);
      if (far >= (reached.get(next)?.far ?? Number.POSITIVE_INFINITY)) continue;
      reached.set(next, { far, before: here });
      open.add(next);
    }
  }
  const names: string[] = [];
  for (let at: string | undefined = reached.has(to) ? to : undefined; at; at = reached.get(at)?.before) names.unshift(at);
  return names;
}

function gap(a: string, b: string): number {
  const [from, to] = [NODES.get(a), NODES.get(b)];
  return from && to ? apart(from, to) : Number.POSITIVE_INFINITY;
}

const routes = new Map<string, Map<string, Route | undefined>>();

/** The way between two places, seats included; undefined where there is none. Kept after the first time, by both names: one made of the two would be a new text at every render. */
export function route(from: string, to: string): Route | undefined {
  let known = routes.get(from);
  if (known === undefined) {
    known = new Map();
    routes.set(from, known);
  }
  if (!known.has(to)) known.set(to, found(from, to));
  return known.get(to);
}

/** Looked for in one direction only, so that the way back is the way there: somebody called home turns round on the spot. */
function found(from: string, to: string): Route | undefined {
  const names = from <= to ? shortest(from, to) : shortest(to, from).reverse();
  if (names.length === 0) return undefined;
  const corners = names.flatMap((name) => NODES.get(name) ?? []);
  const [first, last] = [SEATS.get(from), SEATS.get(to)];
  const whole = [...(first ? [first] : []), ...corners, ...(last ? [last] : [])];
  const pieces = whole.slice(1).map((at, index) => [whole[index] ?? at, at] as const);
  const long = Float64Array.from(pieces, ([a, b]) => apart(a, b));
  return {
    corners: whole,
    length: long.reduce((sum, each) => sum + each, 0),
    long,
    heading: Float64Array.from(pieces, ([a, b]) => Math.atan2(b.x - a.x, b.z - a.z)),
  };
}

export interface Step {
  x: number;
  z: number;
  heading: number;
}

/** How close to a corner a walker starts to turn, in metres. */
const TURN_WITHIN = 0.3;

export interface Walker extends Step {
  /** How far along their way they are, in metres. */
  walked: number;
}

/** How much of a piece of a way somebody has gone. One for all: a number of its own would be boxed at every render. */
const piece = new (class {
  done = 0.5;
})();

/** Puts somebody where they are on their way, heading along it and turning softly at corners. */
export function along(way: Route, out: Walker): void {
  let left = Math.max(0, Math.min(way.length, out.walked));
  for (let index = 1; index < way.corners.length; index++) {
    const from = way.corners[index - 1];
    const to = way.corners[index];
    if (!from || !to) return;
    const long = way.long[index - 1] ?? 0;
    if (left > long && index < way.corners.length - 1) {
      left -= long;
      continue;
    }
    const share = long === 0 ? 1 : Math.min(1, left / long);
    out.x = from.x + (to.x - from.x) * share;
    out.z = from.z + (to.z - from.z) * share;
    piece.done = left;
    face(out, way, index);
    return;
  }
}

function face(out: Step, { long: longs, heading }: Route, index: number): void {
  const straight = heading[index - 1] ?? 0;
  const long = longs[index - 1] ?? 0;
  const { done } = piece;
  const reach = Math.min(TURN_WITHIN, long / 2);
  const before = index > 1 && done < reach;
  const beyond = index < heading.length && long - done < reach;
  const from = before ? (heading[index - 2] ?? 0) : straight;
  const to = !before && beyond ? (heading[index] ?? 0) : straight;
  const share = before ? 0.5 + done / reach / 2 : beyond ? 0.5 - (long - done) / reach / 2 : 0;
  out.heading = turned(from, to, share);
}

/** From one heading to another the short way round. */
export function turned(from: number, to: number, share: number): number {
  const gapTo = Math.atan2(Math.sin(to - from), Math.cos(to - from));
  return from + gapTo * share;
}
