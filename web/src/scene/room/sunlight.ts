/** What comes through the windows: patches on the floor and shafts in the air, in one draw call. */
import { BufferGeometry, CanvasTexture, DoubleSide, Float32BufferAttribute, Mesh, MeshBasicMaterial } from "three";
import { ROOM, WINDOWS } from "../../../../assets/layout.ts";
import { ADDED_LIGHT } from "./materials.ts";

export interface Sunlight {
  readonly mesh: Mesh;
  night(on: boolean): void;
}

const NEAR = ROOM.x0 + 0.7;
const FAR = ROOM.x0 + 3.9;
/** How far the sun's slant carries the patch towards the back. */
const SLANT = -0.9;
const SHAFT = 0.38;

export function sunlight(): Sunlight {
  const material = new MeshBasicMaterial({ map: panes(), vertexColors: true, side: DoubleSide, ...ADDED_LIGHT });
  const mesh = new Mesh(quads(), material);
  mesh.renderOrder = 2;
  return {
    mesh,
    night(on) {
      material.color.set(on ? "#33408c" : "#ffbf73");
      material.opacity = on ? 0.28 : 0.34;
    },
  };
}

function quads(): BufferGeometry {
  const [at, uv, colour, index]: [number[], number[], number[], number[]] = [[], [], [], []];
  const quad = (corners: readonly number[], marks: readonly number[], ends: readonly [number, number]): void => {
    const first = at.length / 3;
    at.push(...corners);
    uv.push(...marks);
    for (const strength of [ends[0], ends[0], ends[1], ends[1]]) colour.push(strength, strength, strength);
    index.push(first, first + 1, first + 2, first + 1, first + 3, first + 2);
  };
  for (const z of WINDOWS.zs) {
    const [left, right] = [z - 0.85, z + 1.05];
    quad([NEAR, 0.045, left, NEAR, 0.045, right, FAR, 0.045, left + SLANT, FAR, 0.045, right + SLANT], [0, 0, 1, 0, 0, 1, 1, 1], [1, 1]);
    const [low, high] = [z - 0.9, z + 0.9];
    quad(
      [ROOM.x0, WINDOWS.high, low, ROOM.x0, WINDOWS.high, high, FAR, 0.05, low + SLANT, FAR, 0.05, high + SLANT],
      [0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3],
      [SHAFT, 0],
    );
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new Float32BufferAttribute(at, 3));
  geometry.setAttribute("uv", new Float32BufferAttribute(uv, 2));
  geometry.setAttribute("color", new Float32BufferAttribute(colour, 3));
  return geometry.setIndex(index);
}

/** The window's panes, blurred as light blurs them. */
function panes(): CanvasTexture {
  const canvas = document.createElement("canvas");
  canvas.width = 128;
  canvas.height = 256;
  const pen = canvas.getContext("2d");
  if (pen) {
    pen.filter = "blur(7px)";
    pen.fillStyle = "#fff";
    for (const [x, y] of [
      [18, 18],
      [68, 18],
      [18, 134],
      [68, 134],
    ] as const)
      pen.fillRect(x, y, 42, 104);
  }
  return new CanvasTexture(canvas);
}
