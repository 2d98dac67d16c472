/** The camera: fitted into the free rectangle, turned and zoomed by hand, back home on a double click. */
import { PerspectiveCamera, Vector3 } from "three";
import type { Rect } from "../contract.ts";
import { AZIMUTH, type Framing, framed, LENS_DEGREES, PITCH } from "./fit.ts";

const ORBIT_MAX = (35 * Math.PI) / 180;
const TILT_MAX = (14 * Math.PI) / 180;
const ZOOM_MAX = 4;
export const FIT_MS = 450;

export interface Rig {
  readonly camera: PerspectiveCamera;
  /** True while an eased move is under way. */
  moving(): boolean;
  /** Changes whenever the picture the camera takes has changed. */
  revision(): number;
  resize(width: number, height: number): void;
  fit(free: Rect, animate: boolean): void;
  orbit(dx: number, dy: number): void;
  /** Zooms by `factor` and keeps what is under (x, y), in CSS pixels, where it is. */
  zoom(factor: number, x: number, y: number): void;
  home(animate: boolean): void;
  /** Turns by so much more than a person did, in radians. */
  lean(angle: number): void;
  /** Moves an eased change on to the moment `at` (a steady clock in milliseconds). */
  advance(at: number): void;
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

export function cameraRig(steady: () => number): Rig {
  const camera = new PerspectiveCamera(LENS_DEGREES, 1, 1, 100);
  const now: Pose = { x: 0, y: 0, width: 1, height: 1, turn: 0, tilt: 0, zoom: 1, panX: 0, panY: 0 };
  const from: Pose = { ...now };
  const to: Pose = { ...now };
  const canvas = { width: 1, height: 1 };
  const spot = new Vector3();
  let [startedAt, changes, leaning] = [Number.NEGATIVE_INFINITY, 0, 0];

  function go(animate: boolean): void {
    Object.assign(from, now);
    startedAt = animate ? steady() : Number.NEGATIVE_INFINITY;
    if (!animate) Object.assign(now, to);
    aim();
  }

  function aim(): void {
    const [azimuth, pitch] = [AZIMUTH + now.turn + leaning, PITCH + now.tilt];
    const aspect = now.width / Math.max(1, now.height);
    place(framed(aspect, azimuth, pitch), azimuth, pitch);
    camera.aspect = aspect;
    camera.zoom = now.zoom;
    const [shiftX, shiftY] = [(now.panX * now.zoom * now.width) / 2, (-now.panY * now.zoom * now.height) / 2];
    camera.setViewOffset(now.width, now.height, shiftX - now.x, shiftY - now.y, canvas.width, canvas.height);
    changes++;
  }

  function place(framing: Framing, azimuth: number, pitch: number): void {
    const [tx, ty, tz] = framing.target;
    const back = framing.distance;
    spot.set(Math.sin(azimuth) * Math.cos(pitch), Math.sin(pitch), Math.cos(azimuth) * Math.cos(pitch));
    camera.position.set(tx, ty, tz).addScaledVector(spot, back);
    camera.lookAt(tx, ty, tz);
    camera.near = Math.max(1, back * 0.4);
    camera.far = framing.far;
    camera.updateMatrixWorld();
  }

  return {
    camera,
    moving: () => startedAt > Number.NEGATIVE_INFINITY,
    revision: () => changes,
    resize(width, height) {
      Object.assign(canvas, { width, height });
      aim();
    },
    fit(free, animate) {
      Object.assign(to, { x: free.x, y: free.y, width: Math.max(1, free.width), height: Math.max(1, free.height) });
      go(animate && now.width > 1);
    },
    orbit(dx, dy) {
      to.turn = within(to.turn - dx, ORBIT_MAX);
      to.tilt = within(to.tilt + dy, TILT_MAX);
      go(false);
    },
    zoom(factor, x, y) {
      const zoom = Math.max(1, Math.min(ZOOM_MAX, to.zoom * factor));
      const [px, py] = [((x - to.x) / to.width) * 2 - 1, 1 - ((y - to.y) / to.height) * 2];
      const step = 1 / to.zoom - 1 / zoom;
      to.panX = within(to.panX + px * step, 1 - 1 / zoom);
      to.panY = within(to.panY + py * step, 1 - 1 / zoom);
      to.zoom = zoom;
      go(false);
    },
    home(animate) {
      Object.assign(to, { turn: 0, tilt: 0, zoom: 1, panX: 0, panY: 0 });
      go(animate);
    },
    lean(angle) {
      if (angle === leaning) return;
      leaning = angle;
      aim();
    },
    advance(at) {
      if (startedAt === Number.NEGATIVE_INFINITY) return;
      const share = Math.max(0, Math.min(1, (at - startedAt) / FIT_MS));
      for (const key of KEYS) now[key] = from[key] + (to[key] - from[key]) * eased(share);
      if (share === 1) startedAt = Number.NEGATIVE_INFINITY;
      aim();
    },
  };
}
