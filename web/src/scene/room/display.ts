/** The display on the back wall: one picture, painted again only when what it says has changed. */
import { CanvasTexture, Mesh, MeshBasicMaterial, PlaneGeometry, SRGBColorSpace } from "three";
import { DISPLAY } from "../../../../assets/layout.ts";
import type { OfficeState } from "../../state/office.ts";
import { DISPLAY_SIZE, displayText, paintDisplay } from "./displaypaint.ts";

export interface Display {
  readonly mesh: Mesh;
  show(state: OfficeState, now: number): void;
  night(on: boolean): void;
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
  const material = new MeshBasicMaterial({ map: texture, toneMapped: false });
  const mesh = new Mesh(new PlaneGeometry(DISPLAY.width, DISPLAY.height), material);
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
  return { mesh, show, night: (on) => void material.color.set(on ? "#ffffff" : "#f2f2f2") };
}
