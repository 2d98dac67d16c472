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

export const apart = (a: Spot, b: Spot): number => Math.hypot(b.x - a.x, b.z - a.z);

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

const routes = new Map<string, Route | undefined>();

/** The way between two places, seats included; undefined where there is none. Kept after the first time. */
export function route(from: string, to: string): Route | undefined {
  const name = `${from} ${to}`;
  if (!routes.has(name)) routes.set(name, found(from, to));
  return routes.get(name);
}

/** Looked for in one direction only, so that the way back is the way there: somebody called home turns round on the spot. */
function found(from: string, to: string): Route | undefined {
  const names = from <= to ? shortest(from, to) : shortest(to, from).reverse();
  if (names.length === 0) return undefined;
  const corners = names.flatMap((name) => NODES.get(name) ?? []);
  const [first, last] = [SEATS.get(from), SEATS.get(to)];
  const whole = [...(first ? [first] : []), ...corners, ...(last ? [last] : [])];
  return { corners: whole, length: whole.slice(1).reduce((sum, at, index) => sum + apart(whole[index] ?? at, at), 0) };
}

export interface Step {
  x: number;
  z: number;
  heading: number;
}

/** How close to a corner a walker starts to turn, in metres. */
const TURN_WITHIN = 0.3;

/** Writes the spot `metres` along the route into `out`, heading along the way and turning softly at corners. */
export function along(way: Route, walked: number, out: Step): void {
  let left = Math.max(0, Math.min(way.length, walked));
  for (let index = 1; index < way.corners.length; index++) {
    const [from, to] = [way.corners[index - 1], way.corners[index]];
    if (!from || !to) return;
    const long = apart(from, to);
    if (left > long && index < way.corners.length - 1) {
      left -= long;
      continue;
    }
    const share = long === 0 ? 1 : Math.min(1, left / long);
    out.x = from.x + (to.x - from.x) * share;
    out.z = from.z + (to.z - from.z) * share;
    out.heading = softened(way, index, left, long);
    return;
  }
}

const heading = (from: Spot, to: Spot): number => Math.atan2(to.x - from.x, to.z - from.z);

function softened(way: Route, index: number, done: number, long: number): number {
  const [before, from, to, beyond] = [way.corners[index - 2], way.corners[index - 1], way.corners[index], way.corners[index + 1]];
  if (!from || !to) return 0;
  const straight = heading(from, to);
  const reach = Math.min(TURN_WITHIN, long / 2);
  if (before && done < reach) return turned(heading(before, from), straight, 0.5 + done / reach / 2);
  if (beyond && long - done < reach) return turned(straight, heading(to, beyond), 0.5 - (long - done) / reach / 2);
  return straight;
}

/** From one heading to another the short way round. */
export function turned(from: number, to: number, share: number): number {
  const gapTo = Math.atan2(Math.sin(to - from), Math.cos(to - from));
  return from + gapTo * share;
}
