/** The camera: fitted into the free rectangle, turned, moved and zoomed by hand, back home on a double click; it goes with somebody if asked. */
import { PerspectiveCamera, Vector3 } from "three";
import type { Rect } from "../contract.ts";
import { type Chase, chase } from "./chase.ts";
import { AZIMUTH, type Framing, framed, LENS_DEGREES, PITCH, type Seen, seenAt } from "./fit.ts";

const ORBIT_MAX = (35 * Math.PI) / 180;
const TILT_MAX = (14 * Math.PI) / 180;
export const ZOOM_MAX = 4;
export const FIT_MS = 450;
/** As near as the camera goes by itself to whoever it follows. */
export const FOLLOW_ZOOM = 2.4;
/** What of somebody who is followed is in the middle of the picture, in metres above the floor. */
const CHEST = 1.1;

export interface Rig {
  readonly camera: PerspectiveCamera;
  /** True while a move is under way that needs further renders. */
  moving(): boolean;
  /** Changes whenever the picture the camera takes has changed. */
  revision(): number;
  resize(width: number, height: number): void;
  fit(free: Rect, animate: boolean): void;
  orbit(dx: number, dy: number, animate?: boolean): void;
  /** Zooms by `factor` and keeps what is under (x, y), in CSS pixels, where it is; somebody who is followed stays in the middle. */
  zoom(factor: number, x: number, y: number, animate?: boolean): void;
  /** Moves the picture by so many CSS pixels, as far as there is room in it. */
  pan(dx: number, dy: number): void;
  home(animate: boolean): void;
  /** Turns by so much more than a person did, in radians. */
  lean(angle: number): void;
  /** Goes with a spot of the room from now on; without one it stays where it is. `animate` false: cuts. */
  follow(spot: Spot | undefined, animate: boolean): void;
  /** Where the spot that is followed is at this render. */
  track(x: number, z: number): void;
  /** Moves an eased change on to the moment `at` (a steady clock in milliseconds). */
  advance(at: number): void;
}

export interface Spot {
  readonly x: number;
  readonly z: number;
}

interface Pose {
  x: number;
  y: number;
  width: number;
  height: number;
  turn: number;
  tilt: number;
  zoom: number;
  /** Where the middle of the zoomed picture lies in the whole one, -1 to 1. */
  panX: number;
  panY: number;
}

const KEYS = ["x", "y", "width", "height", "turn", "tilt", "zoom", "panX", "panY"] as const;
const within = (value: number, most: number): number => Math.max(-most, Math.min(most, value));
/** cubic-bezier(.2, .7, .2, 1) closely enough for a camera. */
const eased = (share: number): number => 1 - (1 - share) ** 3;

function copied(from: Pose, into: Pose): void {
  for (let index = 0; index < KEYS.length; index++) {
    const key = KEYS[index] as (typeof KEYS)[number];
    into[key] = from[key];
  }
}

function same(a: Pose, b: Pose): boolean {
  for (let index = 0; index < KEYS.length; index++) {
    const key = KEYS[index] as (typeof KEYS)[number];
    if (a[key] !== b[key]) return false;
  }
  return true;
}

/** Of the last aspect and turn: while the camera only goes with somebody, the room is framed as it was. */
function framer(): (aspect: number, azimuth: number, pitch: number) => Framing {
  let kept: { aspect: number; azimuth: number; pitch: number; framing: Framing } | undefined;
  return (aspect, azimuth, pitch) => {
    if (kept?.aspect !== aspect || kept.azimuth !== azimuth || kept.pitch !== pitch)
      kept = { aspect, azimuth, pitch, framing: framed(aspect, azimuth, pitch) };
    return kept.framing;
  };
}

export function cameraRig(steady: () => number): Rig {
  const camera = new PerspectiveCamera(LENS_DEGREES, 1, 1, 100);
  const now: Pose = { x: 0, y: 0, width: 1, height: 1, turn: 0, tilt: 0, zoom: 1, panX: 0, panY: 0 };
  const [from, to]: [Pose, Pose] = [{ ...now }, { ...now }];
  const canvas = { width: 1, height: 1 };
  const [back, seen]: [Vector3, Seen] = [new Vector3(), { x: 0, y: 0 }];
  const [nowFraming, nextFraming] = [framer(), framer()];
  let [startedAt, changes, leaning] = [Number.NEGATIVE_INFINITY, 0, 0];
  let chased: Chase | undefined;

  const easing = (): boolean => startedAt > Number.NEGATIVE_INFINITY;

  function go(animate: boolean): void {
    centre();
    copied(now, from);
    startedAt = animate ? steady() : Number.NEGATIVE_INFINITY;
    if (!animate) copied(to, now);
    aim();
  }

  /** Where the picture must be moved to so that whoever is followed is in its middle. */
  function centre(): void {
    if (!chased) return;
    const [aspect, azimuth, pitch] = [to.width / to.height, AZIMUTH + to.turn, PITCH + to.tilt];
    seenAt(seen, chased.x, CHEST, chased.z, nextFraming(aspect, azimuth, pitch), aspect, azimuth, pitch);
    const most = 1 - 1 / to.zoom;
    to.panX = within(seen.x, most);
    to.panY = within(seen.y, most);
  }

  function aim(): void {
    const azimuth = AZIMUTH + now.turn + leaning;
    const pitch = PITCH + now.tilt;
    const aspect = now.width / Math.max(1, now.height);
    place(nowFraming(aspect, azimuth, pitch), azimuth, pitch);
    camera.aspect = aspect;
    camera.zoom = now.zoom;
    const shiftX = (now.panX * now.zoom * now.width) / 2;
    const shiftY = (-now.panY * now.zoom * now.height) / 2;
    camera.setViewOffset(now.width, now.height, shiftX - now.x, shiftY - now.y, canvas.width, canvas.height);
    changes++;
  }

  function place({ target, distance, far }: Framing, azimuth: number, pitch: number): void {
    back.set(Math.sin(azimuth) * Math.cos(pitch), Math.sin(pitch), Math.cos(azimuth) * Math.cos(pitch));
    camera.position.set(target[0], target[1], target[2]).addScaledVector(back, distance);
    camera.lookAt(target[0], target[1], target[2]);
    camera.near = Math.max(1, distance * 0.4);
    camera.far = far;
    camera.updateMatrixWorld();
  }

  return {
    camera,
    moving: () => easing() || (chased?.behind() ?? false),
    revision: () => changes,
    resize(width, height) {
      Object.assign(canvas, { width, height });
      aim();
    },
    fit(free, animate) {
      Object.assign(to, { x: free.x, y: free.y, width: Math.max(1, free.width), height: Math.max(1, free.height) });
      go(animate && now.width > 1);
    },
    orbit(dx, dy, animate = false) {
      to.turn = within(to.turn - dx, ORBIT_MAX);
      to.tilt = within(to.tilt + dy, TILT_MAX);
      go(animate);
    },
    zoom(factor, x, y, animate = false) {
      const zoom = Math.max(1, Math.min(ZOOM_MAX, to.zoom * factor));
      const [px, py] = [((x - to.x) / to.width) * 2 - 1, 1 - ((y - to.y) / to.height) * 2];
      const step = 1 / to.zoom - 1 / zoom;
      to.panX = within(to.panX + px * step, 1 - 1 / zoom);
      to.panY = within(to.panY + py * step, 1 - 1 / zoom);
      to.zoom = zoom;
      go(animate);
    },
    pan(dx, dy) {
      const most = 1 - 1 / to.zoom;
      to.panX = within(to.panX - (2 * dx) / (to.width * to.zoom), most);
      to.panY = within(to.panY + (2 * dy) / (to.height * to.zoom), most);
      go(false);
    },
    home(animate) {
      chased = undefined;
      Object.assign(to, { turn: 0, tilt: 0, zoom: 1, panX: 0, panY: 0 });
      go(animate);
    },
    lean(angle) {
      if (angle === leaning) return;
      leaning = angle;
      aim();
    },
    follow(spot, animate) {
      chased = spot && chase(spot, steady, animate);
      if (!spot) return;
      to.zoom = Math.max(to.zoom, FOLLOW_ZOOM);
      go(animate);
    },
    track: (x, z) => chased?.track(x, z),
    advance(at) {
      if (!chased && !easing()) return;
      chased?.advance(at);
      centre();
      if (!easing()) {
        if (same(now, to)) return;
        copied(to, now);
        aim();
        return;
      }
      const share = Math.max(0, Math.min(1, (at - startedAt) / FIT_MS));
      for (const key of KEYS) now[key] = from[key] + (to[key] - from[key]) * eased(share);
      if (share === 1) startedAt = Number.NEGATIVE_INFINITY;
      aim();
    },
  };
}
