/** Soft light laid on surfaces: additive blobs, all in one draw call. */
import { CanvasTexture, Color, type InstancedMesh, Matrix4, MeshBasicMaterial, PlaneGeometry } from "three";
import { DESK, DESKS, DISPLAY, FLOOR_LAMPS, hasLamp, LAMP_POOL, MONITOR, ROOM, STAIRS } from "../../../../assets/layout.ts";
import type { Light } from "./hours.ts";
import { ADDED_LIGHT } from "./materials.ts";
import { tinted } from "./tinted.ts";

export interface Pools {
  readonly mesh: InstancedMesh;
  /** Light on a desk in its screen's colour. */
  screen(desk: number, colour: Color): void;
  light(light: Light): void;
  /** Light of the stairs' sign and from upstairs. */
  upstairs(lit: boolean): void;
  /** Sends the changed colours to the graphics card. */
  commit(): void;
}

interface Pool {
  readonly at: readonly [number, number, number];
  readonly size: readonly [number, number];
  /** Lies on the floor or a desk, or stands against the back wall. */
  readonly upright: boolean;
}

const flat = (x: number, y: number, z: number, width: number, depth: number): Pool => ({
  at: [x, y, z],
  size: [width, depth],
  upright: false,
});
const upright = (x: number, y: number, z: number, width: number, height: number): Pool => ({
  at: [x, y, z],
  size: [width, height],
  upright: true,
});

const SCREENS = DESKS.map(({ x, z }) => flat(x + MONITOR.x + 0.3, DESK.top + 0.006, z + MONITOR.z - 0.12, 1.0, 0.72));
const LAMPS = [
  ...FLOOR_LAMPS.map(({ x, z }) => flat(x + (x > 0 ? -0.5 : 0.4), 0.05, z, 3.2, 3.2)),
  ...DESKS.flatMap(({ x, z }, desk) => (hasLamp(desk) ? [flat(x + LAMP_POOL.x, DESK.top + 0.004, z + LAMP_POOL.z, 0.9, 0.7)] : [])),
];
const HALO = upright(DISPLAY.x, DISPLAY.y - 0.1, ROOM.z0 + 0.025, 7.4, 4);
const SIGN = upright(STAIRS.x, STAIRS.sign, ROOM.z0 + 0.03, 2.6, 1.5);
const DOOR = flat(STAIRS.x, 0.05, ROOM.z0 + 0.75, 2.3, 1.9);
const WELL = upright(STAIRS.x, 1.0, ROOM.z0 - 0.36, 2.0, 3.8);
const ALL = [...SCREENS, ...LAMPS, HALO, SIGN, DOOR, WELL];
const FIRST_LAMP = SCREENS.length;
const FIRST_WALL = FIRST_LAMP + LAMPS.length;

const LAMP_LIGHT = new Color("#ff9a3d");
const SIGN_LIGHT = new Color("#ff6b5a");
const DOOR_LIGHT = new Color("#ffc36b");
const WELL_LIGHT = new Color("#ffc978");
const HALO_LIGHT = new Color("#4a6cff");
const BLACK = new Color(0, 0, 0);

export function pools(): Pools {
  const material = new MeshBasicMaterial({ map: blob(), ...ADDED_LIGHT, polygonOffset: true, polygonOffsetFactor: -2 });
  const mesh = tinted(new PlaneGeometry(1, 1), material, ALL.length);
  const paint = new Color();
  const set = (index: number, colour: Color, strength: number): void => {
    mesh.setColorAt(index, paint.copy(colour).multiplyScalar(strength));
  };
  ALL.forEach((pool, index) => {
    mesh.setMatrixAt(index, matrixOf(pool));
    set(index, BLACK, 0);
  });
  mesh.renderOrder = 3;
  let [dark, lit] = [0, false];
  /** Between a strength by day and one by night. */
  const between = (day: number, night: number): number => day + (night - day) * dark;
  const sign = (): void => {
    set(FIRST_WALL + 1, SIGN_LIGHT, lit ? between(0.22, 0.5) : 0);
    set(FIRST_WALL + 2, DOOR_LIGHT, lit ? between(0.2, 0.5) : 0);
    set(FIRST_WALL + 3, WELL_LIGHT, lit ? between(0.3, 0.75) : 0);
  };
  return {
    mesh,
    screen: (desk, colour) => set(desk, colour, between(0.2, 0.55)),
    light({ lamps }) {
      dark = lamps;
      LAMPS.forEach((_, index) => {
        set(FIRST_LAMP + index, LAMP_LIGHT, between(0, index < FLOOR_LAMPS.length ? 0.22 : 0.42));
      });
      // Of all this only the display's halo reaches beyond the room: it waits until the sky is dark.
      set(FIRST_WALL, HALO_LIGHT, 0.26 * Math.max(0, (dark - 0.6) / 0.4));
      sign();
    },
    upstairs(on) {
      lit = on;
      sign();
    },
    commit() {
      if (mesh.instanceColor) mesh.instanceColor.needsUpdate = true;
    },
  };
}

function matrixOf({ at, size, upright: stands }: Pool): Matrix4 {
  const matrix = new Matrix4().makeTranslation(...at);
  if (!stands) matrix.multiply(new Matrix4().makeRotationX(-Math.PI / 2));
  return matrix.multiply(new Matrix4().makeScale(size[0], size[1], 1));
}

/** White in the middle, nothing at the rim. */
export function blob(): CanvasTexture {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 128;
  const pen = canvas.getContext("2d");
  if (pen) {
    const light = pen.createRadialGradient(64, 64, 4, 64, 64, 64);
    light.addColorStop(0, "rgba(255,255,255,1)");
    light.addColorStop(0.55, "rgba(255,255,255,.42)");
    light.addColorStop(1, "rgba(255,255,255,0)");
    pen.fillStyle = light;
    pen.fillRect(0, 0, 128, 128);
  }
  return new CanvasTexture(canvas);
}
