/** Where points of the room are on the page, as a camera sees them. */
import { type PerspectiveCamera, Vector3 } from "three";
import type { Point } from "../plates/boxes.ts";

const point = new Vector3();

/** @param width of the canvas, in CSS pixels */
export function projection(camera: PerspectiveCamera, width: number, height: number) {
  return (x: number, y: number, z: number): Point => {
    point.set(x, y, z).project(camera);
    return { x: ((point.x + 1) * width) / 2, y: ((1 - point.y) * height) / 2 };
  };
}
