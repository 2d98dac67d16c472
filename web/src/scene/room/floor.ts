/** The floor: planks painted once, under the baked map of occlusion and lamplight. */
import {
  CanvasTexture,
  DataTexture,
  LinearFilter,
  Mesh,
  type MeshLambertMaterial,
  PlaneGeometry,
  RGFormat,
  SRGBColorSpace,
  UnsignedByteType,
} from "three";
import { chance, pick } from "../../../../assets/chance.ts";
import { ROOM } from "../../../../assets/layout.ts";
import { PLANKS } from "../../../../assets/palette.ts";
import { floorMaterial } from "./materials.ts";
import type { Models } from "./models.ts";

const WIDTH = 2048;
const ROWS = 26;
const SPAN = { x: ROOM.x1 - ROOM.x0, z: ROOM.z1 - ROOM.z0 } as const;
const JOINT = "#6b3a1c";

export interface Floor {
  readonly mesh: Mesh;
  /** Puts the baked light in, once it has arrived. */
  bake(map: Models["floor"]): void;
}

export function floor(): Floor {
  const bakedMap = { value: lightMap(1, 1, Uint8Array.of(255), Uint8Array.of(0)) };
  const material: MeshLambertMaterial = floorMaterial(planks(), bakedMap);
  const mesh = new Mesh(new PlaneGeometry(SPAN.x, SPAN.z), material);
  mesh.rotation.x = -Math.PI / 2;
  mesh.position.set((ROOM.x0 + ROOM.x1) / 2, 0.002, (ROOM.z0 + ROOM.z1) / 2);
  mesh.receiveShadow = true;
  return {
    mesh,
    bake(map) {
      bakedMap.value.dispose();
      bakedMap.value = lightMap(map.width, map.height, map.shade, map.lamp);
    },
  };
}

/** Rows run from the back wall to the front, as the bake wrote them; pictures count from the bottom. */
function lightMap(width: number, height: number, shade: Uint8Array, lamp: Uint8Array): DataTexture {
  const data = new Uint8Array(width * height * 2);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [from, to] = [row * width + column, ((height - 1 - row) * width + column) * 2];
      data[to] = shade[from] ?? 255;
      data[to + 1] = lamp[from] ?? 0;
    }
  }
  const texture = new DataTexture(data, width, height, RGFormat, UnsignedByteType);
  texture.magFilter = texture.minFilter = LinearFilter;
  texture.unpackAlignment = 1;
  texture.needsUpdate = true;
  return texture;
}

function planks(): CanvasTexture {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = Math.round((WIDTH * SPAN.z) / SPAN.x);
  const pen = canvas.getContext("2d");
  if (pen) paint(pen, canvas.height / ROWS);
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  texture.anisotropy = 8;
  return texture;
}

function paint(pen: CanvasRenderingContext2D, high: number): void {
  const random = chance(3);
  for (let row = 0; row < ROWS; row++) {
    for (let x = -random() * 300; x < WIDTH; ) x += plank(pen, x, row * high, high, random);
    pen.globalAlpha = 0.2;
    pen.fillStyle = JOINT;
    pen.fillRect(0, row * high, WIDTH, 1.6);
    pen.globalAlpha = 1;
  }
}

function plank(pen: CanvasRenderingContext2D, x: number, y: number, high: number, random: () => number): number {
  const long = 200 + random() * 260;
  pen.fillStyle = pick(PLANKS, random());
  pen.fillRect(x, y, long, high);
  pen.fillStyle = JOINT;
  pen.globalAlpha = 0.05;
  for (let grain = 0; grain < 4; grain++) pen.fillRect(x, y + random() * high, long, 1 + random() * 2);
  pen.globalAlpha = 0.2;
  pen.fillRect(x, y, 1.6, high);
  pen.globalAlpha = 1;
  return long;
}
