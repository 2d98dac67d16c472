/** The ten screens: each shows what its desk does, in the hue of its batch. All are one shape, so one draw call. */
import { BufferAttribute, BufferGeometry, CanvasTexture, Color, Matrix4, Mesh, MeshBasicMaterial, SRGBColorSpace, Vector3 } from "three";
import { DESKS, MONITOR } from "../../../../assets/layout.ts";
import { FAILED_GLOW, HUES_NIGHT } from "../../../../assets/palette.ts";
import type { Manner } from "../../../../assets/people/manners.ts";
import { type Mark, SCREEN, SCREENS, type ScreenName } from "../../../../assets/screens.ts";
import type { Desk, OfficeState } from "../../state/office.ts";
import { factsOf } from "../people/facts.ts";
import { dims } from "./dimmed.ts";

export interface Monitors {
  readonly mesh: Mesh;
  show(state: OfficeState): void;
  /** What shines from a desk's screen now; black when it is off. */
  colour(desk: number): Color;
}

const DARK = "#25222d";
const ASLEEP = "#7d8a9c";
/** What the screen of a desk that is not looked at goes towards, and how far. */
const [FADED, FADING] = [new Color("#4a4a50"), 0.82];
const NAMES = Object.keys(SCREENS) as readonly ScreenName[];
const COLUMNS = 3;
const ROWS = Math.ceil(NAMES.length / COLUMNS);
/** Corners of a screen, from below on the left. */
const CORNERS = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const;

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

const WORK: Readonly<Record<Manner, ScreenName>> = { read: "read", write: "write", call: "call", think: "think" };

/** What is on a desk's screen. */
export function screenAt(desk: Desk | undefined): ScreenName {
  if (!desk || desk.activity === "off") return "off";
  if (desk.activity === "idle") return "rest";
  if (desk.activity === "working") return WORK[factsOf(desk).manner ?? "write"];
  return desk.activity === "waiting" ? "wait" : desk.activity;
}

export function monitors(): Monitors {
  const geometry = shapes();
  const mesh = new Mesh(geometry, new MeshBasicMaterial({ map: pictures(), vertexColors: true, toneMapped: false }));
  const [uv, tint] = [geometry.getAttribute("uv"), geometry.getAttribute("color")];
  const colours = DESKS.map(() => new Color(0, 0, 0));
  const paint = new Color();
  mesh.frustumCulled = false;

  function fill(index: number, screen: ScreenName, colour: Color): void {
    const cell = NAMES.indexOf(screen);
    const [column, row] = [cell % COLUMNS, Math.floor(cell / COLUMNS)];
    CORNERS.forEach(([u, v], corner) => {
      // A hair inside the cell: its neighbours must not shine in.
      uv.setXY(index * 4 + corner, (column + 0.006 + u * 0.988) / COLUMNS, 1 - (row + 0.01 + (1 - v) * 0.98) / ROWS);
      tint.setXYZ(index * 4 + corner, colour.r, colour.g, colour.b);
    });
  }

  return {
    mesh,
    show(state) {
      for (const [index, colour] of colours.entries()) {
        const desk = state.desks[index];
        const lit = shine(state, desk);
        const fading = (dims.desks.value[index] ?? 0) * FADING;
        colour.set(lit ?? "#000000").multiplyScalar(1 - fading);
        fill(index, screenAt(desk), paint.set(lit ?? (desk?.activity === "idle" ? ASLEEP : DARK)).lerp(FADED, fading));
      }
      uv.needsUpdate = tint.needsUpdate = true;
    },
    colour: (desk) => colours[desk] ?? paint.setScalar(0),
  };
}

function shapes(): BufferGeometry {
  const [at, turned] = [new Float32Array(DESKS.length * 12), new Vector3()];
  DESKS.forEach((desk, index) => {
    const frame = screenMatrix(desk);
    CORNERS.forEach(([u, v], corner) => {
      turned.set((u - 0.5) * (MONITOR.width - 0.03), (v - 0.5) * (MONITOR.height - 0.03), 0).applyMatrix4(frame);
      turned.toArray(at, (index * 4 + corner) * 3);
    });
  });
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(at, 3));
  geometry.setAttribute("uv", new BufferAttribute(new Float32Array(DESKS.length * 8), 2));
  geometry.setAttribute("color", new BufferAttribute(new Float32Array(DESKS.length * 12), 3));
  return geometry.setIndex(DESKS.flatMap((_, index) => [0, 1, 2, 1, 3, 2].map((corner) => index * 4 + corner)));
}

function screenMatrix({ x, z }: { readonly x: number; readonly z: number }): Matrix4 {
  const [at, turn, part] = [new Matrix4(), new Matrix4(), new Matrix4()];
  at.makeTranslation(x + MONITOR.x, 0, z + MONITOR.z).multiply(turn.makeRotationY(-MONITOR.turn));
  at.multiply(part.makeTranslation(0, MONITOR.y, 0.03)).multiply(turn.makeRotationX(MONITOR.tilt));
  return at.multiply(part.makeTranslation(0, 0, -0.028)).multiply(turn.makeRotationY(Math.PI));
}

/** All screens in one picture. */
function pictures(): CanvasTexture {
  const canvas = document.createElement("canvas");
  canvas.width = SCREEN.width * COLUMNS;
  canvas.height = SCREEN.height * ROWS;
  const pen = canvas.getContext("2d");
  if (pen) for (const [cell, name] of NAMES.entries()) paintScreen(pen, cell, name);
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  texture.anisotropy = 4;
  return texture;
}

const grey = (level: number): string => `rgb(${level},${level},${level})`;

function paintScreen(pen: CanvasRenderingContext2D, cell: number, name: ScreenName): void {
  const { ground, marks } = SCREENS[name];
  const [left, top] = [(cell % COLUMNS) * SCREEN.width, Math.floor(cell / COLUMNS) * SCREEN.height];
  pen.save();
  pen.beginPath();
  pen.rect(left, top, SCREEN.width, SCREEN.height);
  pen.clip();
  pen.translate(left, top);
  pen.fillStyle = grey(ground);
  pen.fillRect(0, 0, SCREEN.width, SCREEN.height);
  for (const mark of marks) paintMark(pen, mark);
  pen.restore();
}

function paintMark(pen: CanvasRenderingContext2D, mark: Mark): void {
  pen.fillStyle = grey(mark.level);
  pen.beginPath();
  if ("box" in mark) pen.roundRect(...mark.box);
  else for (let at = 0; at < mark.poly.length; at += 2) pen.lineTo(mark.poly[at] ?? 0, mark.poly[at + 1] ?? 0);
  pen.fill();
}
