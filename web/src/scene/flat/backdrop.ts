/** What stands still on the flat drawing: slab, floor, walls, windows, display, stairs, and a few plants. */
import { DISPLAY, ROOM, STAIRS, WINDOWS } from "../../../../assets/layout.ts";
import { C } from "../../../../assets/palette.ts";
import { flatAt } from "./parallel.ts";
import { block, fill, laidOn, onBack, onFloor, onLeft } from "./shapes.ts";

const { x0, x1, z0, z1, height } = ROOM;
const DISPLAY_LEFT = DISPLAY.x - DISPLAY.width / 2;
const DISPLAY_TOP = DISPLAY.y + DISPLAY.height / 2;

const slab = (): string =>
  block(
    { x: [x0 - 0.35, x1 + 0.35], y: [-0.5, 0], z: [z0 - 0.35, z1 + 0.35] },
    'class="f-slab"',
    'class="f-slab-side"',
    'class="f-slab-dark"',
  );

function floor(): string {
  const rug = (z: number, colour: string, line: string): string =>
    onFloor(-5.6, z - 1.2, 5.85, z + 1.15, fill(line)) + onFloor(-5.45, z - 1.05, 5.7, z + 1, fill(colour));
  return onFloor(x0, z0, x1, z1, 'class="f-floor"') + rug(-1.75, C.rugBack, C.rugBackLine) + rug(1.8, C.rugFront, C.rugFrontLine);
}

function walls(): string {
  const windows = WINDOWS.zs.map((z) => {
    const [from, to] = [z - WINDOWS.width / 2, z + WINDOWS.width / 2];
    const pane = (low: number, high: number): string =>
      onLeft(x0, low + 0.06, WINDOWS.low + 0.1, high - 0.06, WINDOWS.high - 0.1, 'class="f-pane"');
    return onLeft(x0, from, WINDOWS.low, to, WINDOWS.high, fill(C.trim)) + pane(from, z) + pane(z, to);
  });
  return [
    onBack(z0, x0, 0, x1, height, 'class="f-wall"'),
    onBack(z0, x0, 0, x1, 1.05, 'class="f-panel"'),
    onLeft(x0, z0, 0, z1, height, 'class="f-wall-side"'),
    onBack(z0, x0, height, x1 + 0.1, height + 0.08, fill(C.trim)),
    ...windows,
  ].join("");
}

/** The figures on it are written by whoever knows the state. */
function display(): string {
  const frame = onBack(
    z0 + 0.1,
    DISPLAY_LEFT - 0.1,
    DISPLAY_TOP - DISPLAY.height - 0.1,
    DISPLAY_LEFT + DISPLAY.width + 0.1,
    DISPLAY_TOP + 0.1,
    fill(C.dark),
  );
  const face = onBack(DISPLAY.z, DISPLAY_LEFT, DISPLAY_TOP - DISPLAY.height, DISPLAY_LEFT + DISPLAY.width, DISPLAY_TOP, fill("#1a2347"));
  const text = `<g transform="${laidOn([DISPLAY_LEFT, DISPLAY_TOP, DISPLAY.z], [1, 0, 0])}"><g class="f-figures"></g></g>`;
  return `<g data-display="yes">${frame}${face}${text}</g>`;
}

function stairs(): string {
  const [from, to] = [STAIRS.x - STAIRS.width / 2, STAIRS.x + STAIRS.width / 2];
  const steps = Array.from({ length: STAIRS.steps }, (_, step) => {
    const y = (STAIRS.height * step) / STAIRS.steps;
    return onBack(z0 + 0.01, from + 0.1, y, to - 0.1, y + 0.16, 'class="f-step"');
  });
  const sign = `<g transform="${laidOn([from + 0.12, STAIRS.sign + 0.22, z0 + 0.05], [1, 0, 0])}"><rect class="f-sign" width="106" height="44" rx="10"/><text class="f-more" x="53" y="32" text-anchor="middle">10+</text></g>`;
  return `<g data-stairs="yes">${onBack(z0, from - 0.1, 0, to + 0.1, STAIRS.height + 0.1, fill(C.trim))}${onBack(z0, from, 0, to, STAIRS.height, 'class="f-well"')}${steps.join("")}${sign}</g>`;
}

export function plant(x: number, z: number, size = 1): string {
  const { x: left, y: foot } = flatAt(x, 0, z);
  const leaf = (dx: number, dy: number, r: number, colour: string): string =>
    `<circle cx="${Math.round(left + dx * size)}" cy="${Math.round(foot + dy * size)}" r="${Math.round(r * size)}" fill="${colour}"/>`;
  const pot = block(
    { x: [x - 0.2 * size, x + 0.2 * size], y: [0, 0.4 * size], z: [z - 0.2 * size, z + 0.2 * size] },
    fill(C.soil),
    fill(C.terracotta),
    fill("#b9623f"),
  );
  return pot + leaf(-20, -62, 24, C.leafDark) + leaf(18, -66, 25, C.leaf) + leaf(-2, -92, 27, C.leafLight);
}

const counter = (): string =>
  block({ x: [x0 + 0.05, x0 + 0.75], y: [0, 0.9], z: [0.7, 2.3] }, fill(C.wood), fill(C.navy), fill("#34426a")) +
  block({ x: [x0 + 0.2, x0 + 0.6], y: [0.9, 1.35], z: [0.85, 1.25] }, fill(C.coralLight), fill(C.coral), fill("#c9634d"));

/** All that never changes, in the order in which it is drawn. */
export const backdrop = (): string =>
  [slab(), floor(), walls(), display(), stairs(), counter(), plant(-6.9, -4.2), plant(5.3, -4.1, 0.9)].join("");

/** What stands before everybody. */
export const foreground = (): string => plant(-6.7, 3.5) + plant(6.6, 3.4, 1.1);
