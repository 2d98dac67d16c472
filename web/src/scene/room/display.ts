/** The display on the back wall: one picture, painted again only when what it says has changed. */
import { BufferAttribute, CanvasTexture, Mesh, MeshBasicMaterial, PlaneGeometry, SRGBColorSpace } from "three";
import { DISPLAY } from "../../../../assets/layout.ts";
import type { OfficeState } from "../../state/office.ts";
import { DISPLAY_SIZE, displayText, paintDisplay } from "./displaypaint.ts";
import type { Light } from "./hours.ts";

const MINUTE_MS = 60_000;

export interface Display {
  readonly mesh: Mesh;
  show(state: OfficeState, now: number): void;
  /** What is shown depends on the minute, whenever it was told. */
  keep(now: number): void;
  light(light: Light): void;
}

/** `changed` is called when the picture changes by itself: once the typeface has arrived. */
export function display(changed: () => void): Display {
  const canvas = document.createElement("canvas");
  canvas.width = DISPLAY_SIZE.width;
  canvas.height = DISPLAY_SIZE.height;
  const pen = canvas.getContext("2d");
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  texture.anisotropy = 8;
  // White points: so that it is drawn by the program of the screens.
  const material = new MeshBasicMaterial({ map: texture, vertexColors: true, toneMapped: false });
  const sheet = new PlaneGeometry(DISPLAY.width, DISPLAY.height);
  sheet.setAttribute("color", new BufferAttribute(new Float32Array(sheet.getAttribute("position").count * 3).fill(1), 3));
  const mesh = new Mesh(sheet, material);
  mesh.position.set(DISPLAY.x, DISPLAY.y, DISPLAY.z);
  let painted = "";
  let last: { readonly state: OfficeState; readonly now: number } | undefined;

  function show(state: OfficeState, now: number): void {
    last = { state, now };
    const text = displayText(state, now);
    const key = JSON.stringify(text);
    if (key === painted || !pen) return;
    painted = key;
    paintDisplay(pen, text);
    texture.needsUpdate = true;
  }

  document.fonts?.load("600 34px Figtree").then(() => {
    painted = "";
    if (last) show(last.state, last.now);
    changed();
  });
  const keep = (now: number): void => {
    if (last && Math.floor(now / MINUTE_MS) !== Math.floor(last.now / MINUTE_MS)) show(last.state, now);
  };
  return { mesh, show, keep, light: ({ lamps }) => void material.color.setScalar(0.89 + 0.11 * lamps) };
}
