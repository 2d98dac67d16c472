/** What comes through the windows: patches on the floor that go with the sun, and shafts in the air. Two draw calls. */
import { CanvasTexture, Group, type InstancedMesh, Matrix4, MeshBasicMaterial, PlaneGeometry } from "three";
import { ROOM, WINDOWS } from "../../../../assets/layout.ts";
import type { Light } from "./hours.ts";
import { ADDED_LIGHT } from "./materials.ts";
import { tinted } from "./tinted.ts";

export interface Sunlight {
  readonly group: Group;
  light(light: Light): void;
}

/** Where a patch begins, from the wall, and over the floor. */
const NEAR = 0.7;
const OVER_FLOOR = 0.045;
/** How strong the light in the air is against that on the floor. */
const SHAFT = 0.3;

/** A sheet from (x0, y0) to (x1, y1), `wide` across, whose far end is carried by `slant` along z: a plane's unit square in that frame. */
function sheet(
  out: Matrix4,
  z: number,
  wide: number,
  near: readonly [number, number],
  far: readonly [number, number],
  slant: number,
): Matrix4 {
  const [dx, dy] = [far[0] - near[0], far[1] - near[1]];
  return out.set(
    0, dx, 0, (near[0] + far[0]) / 2,
    0, dy, dx < 0 ? -1 : 1, (near[1] + far[1]) / 2,
    wide, slant, 0, z + slant / 2,
    0, 0, 0, 1,
  ); // biome-ignore format: a matrix is read in rows
}

export function sunlight(): Sunlight {
  const plane = new PlaneGeometry(1, 1);
  const made = (map: CanvasTexture): InstancedMesh => {
    const mesh = tinted(plane, new MeshBasicMaterial({ map, ...ADDED_LIGHT }), WINDOWS.zs.length);
    mesh.renderOrder = 2;
    return mesh;
  };
  const [floor, air] = [made(panes()), made(fading())];
  const group = new Group();
  group.add(floor, air);
  const matrix = new Matrix4();
  return {
    group,
    light({ beam, strength, reach, slant }) {
      const end = ROOM.x0 + NEAR + reach;
      WINDOWS.zs.forEach((z, index) => {
        floor.setMatrixAt(index, sheet(matrix, z + 0.1, 1.9, [ROOM.x0 + NEAR, OVER_FLOOR], [end, OVER_FLOOR], slant));
        air.setMatrixAt(index, sheet(matrix, z, 1.8, [ROOM.x0, WINDOWS.high], [end, 0.05], slant));
        floor.setColorAt(index, beam);
        air.setColorAt(index, beam);
      });
      for (const [mesh, share] of [
        [floor, 1],
        [air, SHAFT],
      ] as const) {
        (mesh.material as MeshBasicMaterial).opacity = strength.beam * share;
        mesh.instanceMatrix.needsUpdate = true;
        if (mesh.instanceColor) mesh.instanceColor.needsUpdate = true;
      }
    },
  };
}

function painted(width: number, height: number, paint: (pen: CanvasRenderingContext2D) => void): CanvasTexture {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  if (pen) paint(pen);
  return new CanvasTexture(canvas);
}

/** The window's panes, blurred as light blurs them. */
const panes = (): CanvasTexture =>
  painted(128, 256, (pen) => {
    pen.filter = "blur(7px)";
    pen.fillStyle = "#fff";
    for (const [x, y] of [
      [18, 18],
      [68, 18],
      [18, 134],
      [68, 134],
    ] as const)
      pen.fillRect(x, y, 42, 104);
  });

/** Light that gets lost on its way down. */
const fading = (): CanvasTexture =>
  painted(32, 64, (pen) => {
    const light = pen.createLinearGradient(0, 64, 0, 0);
    light.addColorStop(0, "rgba(255,255,255,1)");
    light.addColorStop(0.5, "rgba(255,255,255,.42)");
    light.addColorStop(1, "rgba(255,255,255,0)");
    pen.filter = "blur(1.5px)";
    pen.fillStyle = light;
    pen.fillRect(3, 0, 26, 64);
  });
