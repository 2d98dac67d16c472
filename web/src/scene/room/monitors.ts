/** The ten screens: one picture of lines for all, coloured by what each desk does. */
import { CanvasTexture, Color, InstancedMesh, Matrix4, MeshBasicMaterial, PlaneGeometry, SRGBColorSpace } from "three";
import { DESKS, MONITOR } from "../../../../assets/layout.ts";
import { FAILED_GLOW, HUES_NIGHT } from "../../../../assets/palette.ts";
import type { Desk, OfficeState } from "../../state/office.ts";
import { dims } from "./dimmed.ts";

export interface Monitors {
  readonly mesh: InstancedMesh;
  show(state: OfficeState): void;
  /** What shines from a desk's screen now; black when it is off. */
  colour(desk: number): Color;
}

const DARK = "#25222d";
const ASLEEP = "#3d4654";
/** What the screen of a desk that is not looked at goes towards, and how far. */
const [FADED, FADING] = [new Color("#4a4a50"), 0.82];

/** The lit form of a batch's hue: its order counted round the eight. */
export function hue(state: OfficeState, batch: string | undefined): string | undefined {
  const order = batch === undefined ? undefined : state.batches[batch]?.order;
  return order === undefined ? undefined : HUES_NIGHT[((order % HUES_NIGHT.length) + HUES_NIGHT.length) % HUES_NIGHT.length];
}

/** What a desk's screen shines in: its batch's hue while it works, red once it failed, nothing otherwise. */
export function shine(state: OfficeState, desk: Desk | undefined): string | undefined {
  if (!desk || desk.activity === "off" || desk.activity === "idle") return undefined;
  if (desk.activity === "failed") return FAILED_GLOW;
  return hue(state, desk.batch) ?? HUES_NIGHT[0];
}

export function monitors(): Monitors {
  const material = new MeshBasicMaterial({ map: lines(), toneMapped: false });
  const mesh = new InstancedMesh(new PlaneGeometry(MONITOR.width - 0.03, MONITOR.height - 0.03), material, DESKS.length);
  const colours = DESKS.map(() => new Color(0, 0, 0));
  const paint = new Color();
  DESKS.forEach((desk, index) => {
    mesh.setMatrixAt(index, screenMatrix(desk));
    mesh.setColorAt(index, paint.set(DARK));
  });
  mesh.frustumCulled = false;
  return {
    mesh,
    show(state) {
      for (const [index, colour] of colours.entries()) {
        const desk = state.desks[index];
        const lit = shine(state, desk);
        const fading = (dims.desks.value[index] ?? 0) * FADING;
        colour.set(lit ?? "#000000").multiplyScalar(1 - fading);
        mesh.setColorAt(index, paint.set(lit ?? (desk?.activity === "idle" ? ASLEEP : DARK)).lerp(FADED, fading));
      }
      if (mesh.instanceColor) mesh.instanceColor.needsUpdate = true;
    },
    colour: (desk) => colours[desk] ?? paint.setScalar(0),
  };
}

function screenMatrix({ x, z }: { readonly x: number; readonly z: number }): Matrix4 {
  const [at, turn, part] = [new Matrix4(), new Matrix4(), new Matrix4()];
  at.makeTranslation(x + MONITOR.x, 0, z + MONITOR.z).multiply(turn.makeRotationY(-MONITOR.turn));
  at.multiply(part.makeTranslation(0, MONITOR.y, 0.03)).multiply(turn.makeRotationX(MONITOR.tilt));
  return at.multiply(part.makeTranslation(0, 0, -0.028)).multiply(turn.makeRotationY(Math.PI));
}

/** Lines of text in white on a grey that the desk's colour turns into its own dark. */
function lines(): CanvasTexture {
  const canvas = document.createElement("canvas");
  canvas.width = 256;
  canvas.height = 160;
  const pen = canvas.getContext("2d");
  if (pen) {
    pen.fillStyle = "#a9a9a9";
    pen.fillRect(0, 0, 256, 160);
    pen.fillStyle = "#dedede";
    pen.fillRect(0, 0, 256, 24);
    pen.fillStyle = "#ffffff";
    for (const [row, width] of [150, 96, 190, 120, 64, 170].entries()) {
      pen.beginPath();
      pen.roundRect(20 + (row % 3) * 14, 40 + row * 19, width, 9, 4);
      pen.fill();
    }
  }
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  texture.anisotropy = 4;
  return texture;
}
