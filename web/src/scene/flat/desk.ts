/** A desk on the flat drawing, and the screen on it. */
import { DESK, type DeskSpot, MONITOR } from "../../../../assets/layout.ts";
import { C, darker } from "../../../../assets/palette.ts";
import { flatAt } from "./parallel.ts";
import { block, fill, onFloor, piece } from "./shapes.ts";

const [TOP, THICK] = [DESK.top, 0.06];

/** @param glow what shines from its screen; none where it is dark */
export function desk({ x, z }: DeskSpot, glow: string | undefined): string {
  const [w, d] = [DESK.width / 2, DESK.depth / 2];
  const leg = (dx: number, dz: number): string =>
    block(
      { x: [x + dx - 0.04, x + dx + 0.04], y: [0, TOP - THICK], z: [z + dz - 0.04, z + dz + 0.04] },
      fill(C.drawer),
      fill(C.drawer),
      fill(darker(C.drawer, 0.12)),
    );
  const plate = block(
    { x: [x - w, x + w], y: [TOP - THICK, TOP], z: [z - d, z + d] },
    fill(C.woodTop),
    fill(C.woodDark),
    fill(darker(C.woodDark, 0.12)),
  );
  const pool = glow === undefined ? "" : `<g opacity="0.35">${onFloor(x - 0.5, z - d, x + 0.3, z + 0.2, fill(glow), TOP)}</g>`;
  return [
    leg(-w + 0.08, d - 0.08),
    leg(w - 0.08, d - 0.08),
    leg(w - 0.08, -d + 0.08),
    plate,
    pool,
    keyboard(x, z),
    screen(x, z, glow),
  ].join("");
}

const keyboard = (x: number, z: number): string => onFloor(x - 0.1, z - 0.3, x + 0.45, z - 0.08, fill(C.paper), TOP);

/** Turned so that the viewer sees it, as on the cards. */
function screen(x: number, z: number, glow: string | undefined): string {
  const [cx, cz] = [x + MONITOR.x, z + MONITOR.z];
  const turn = Math.PI / 2 - MONITOR.turn;
  const [dx, dz] = [(Math.sin(turn) * MONITOR.width) / 2, (Math.cos(turn) * MONITOR.width) / 2];
  const [low, high] = [MONITOR.y - MONITOR.height / 2, MONITOR.y + MONITOR.height / 2];
  const sheet = (grow: number, paint: string): string =>
    piece(
      [
        [cx - dx * (1 + grow), low - grow * 0.3, cz - dz * (1 + grow)],
        [cx + dx * (1 + grow), low - grow * 0.3, cz + dz * (1 + grow)],
        [cx + dx * (1 + grow), high + grow * 0.3, cz + dz * (1 + grow)],
        [cx - dx * (1 + grow), high + grow * 0.3, cz - dz * (1 + grow)],
      ],
      paint,
    );
  const foot = flatAt(cx, TOP, cz);
  const stand = `<rect x="${Math.round(foot.x) - 5}" y="${Math.round(foot.y) - 18}" width="10" height="18" ${fill(C.metal)}/>`;
  return `${stand}${sheet(0.08, fill(C.white))}${sheet(0, fill(glow ?? "#3a3b46"))}`;
}
