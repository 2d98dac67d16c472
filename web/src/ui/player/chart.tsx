/** The picture the scrubber lies on: how many desks were busy, stripes where nothing ran, hatching where nothing is stored. */

import { type Line, peak } from "../../replay/area.ts";
import type { Stretch } from "../../replay/contract.ts";
import { DESKS } from "../facts.ts";
import { about } from "../numbers.ts";
import { playerWords } from "./words.ts";

export const CHART_HEIGHT = 46;
const ROOM_ABOVE = 3;
/** A label needs so many pixels. */
const LABEL_PX = 64;

export interface Scale {
  readonly bounds: Stretch;
  readonly width: number;
}

/** Where a moment is, in pixels from the left. */
export function xOf(at: number, { bounds: [from, to], width }: Scale): number {
  return to > from ? ((Math.min(Math.max(at, from), to) - from) / (to - from)) * width : 0;
}

/** The moment at so many pixels. */
export function momentAt(x: number, { bounds: [from, to], width }: Scale): number {
  return from + (Math.min(Math.max(x, 0), width) / Math.max(1, width)) * (to - from);
}

/** A polygon's points from the ground up and back to it. */
export function outline(line: Line, most: number, scale: Scale): string {
  const y = (running: number) => CHART_HEIGHT - (Math.min(DESKS, running) / most) * (CHART_HEIGHT - ROOM_ABOVE);
  const [first, last] = [line[0], line.at(-1)];
  if (first === undefined || last === undefined) return "";
  const top = line.map(({ at, running }) => `${xOf(at, scale).toFixed(1)},${y(running).toFixed(1)}`);
  return [`${xOf(first.at, scale).toFixed(1)},${CHART_HEIGHT}`, ...top, `${xOf(last.at, scale).toFixed(1)},${CHART_HEIGHT}`].join(" ");
}

function Patterns() {
  return (
    <defs>
      <pattern id="replay-idle" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="8" height="8" class="sunk" />
        <rect width="3" height="8" class="stripe" />
      </pattern>
      <pattern id="replay-missing" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect width="6" height="6" class="paper" />
        <path d="M0 0L6 6M6 0L0 6" class="hatch" />
      </pattern>
    </defs>
  );
}

interface BandProps {
  readonly stretch: Stretch;
  readonly scale: Scale;
  readonly fill: "idle" | "missing";
}

function Band({ stretch: [from, to], scale, fill }: BandProps) {
  const [left, right] = [xOf(from, scale), xOf(to, scale)];
  return (
    <rect
      x={left}
      width={Math.max(fill === "missing" ? 2 : 0, right - left)}
      y="0"
      height={CHART_HEIGHT}
      fill={`url(#replay-${fill})`}
      rx="3"
    />
  );
}

function Label({ stretch: [from, to], scale, fill }: BandProps) {
  const [left, right] = [xOf(from, scale), xOf(to, scale)];
  if (right - left < LABEL_PX) return null;
  const words = fill === "idle" ? playerWords.idle(about(to - from)) : playerWords.notStored;
  return (
    <span class="band-label" style={{ left: `${left}px`, width: `${right - left}px` }}>
      {words}
    </span>
  );
}

export interface ChartProps {
  readonly lines: readonly Line[];
  readonly idle: readonly Stretch[];
  readonly gaps: readonly Stretch[];
  readonly scale: Scale;
}

/** Drawn again when the recording or the window changes, never while it plays. */
export function Chart({ lines, idle, gaps, scale }: ChartProps) {
  const most = peak(lines, DESKS);
  return (
    <>
      <svg width={scale.width} height={CHART_HEIGHT} aria-hidden="true">
        <Patterns />
        <rect width={scale.width} height={CHART_HEIGHT} rx="6" class="sunk" />
        {idle.map((stretch) => (
          <Band key={stretch[0]} stretch={stretch} scale={scale} fill="idle" />
        ))}
        {lines.map((line) => (
          <polygon key={line[0]?.at} points={outline(line, most, scale)} class="busy" />
        ))}
        {gaps.map((stretch) => (
          <Band key={stretch[0]} stretch={stretch} scale={scale} fill="missing" />
        ))}
      </svg>
      {idle.map((stretch) => (
        <Label key={stretch[0]} stretch={stretch} scale={scale} fill="idle" />
      ))}
      {gaps.map((stretch) => (
        <Label key={stretch[0]} stretch={stretch} scale={scale} fill="missing" />
      ))}
    </>
  );
}

/** The part that was played, in full colour: the same outlines, cut off at the knob by the element that holds them. */
export function Played({ lines, scale }: Pick<ChartProps, "lines" | "scale">) {
  const most = peak(lines, DESKS);
  return (
    <svg width={scale.width} height={CHART_HEIGHT} aria-hidden="true">
      {lines.map((line) => (
        <polygon key={line[0]?.at} points={outline(line, most, scale)} class="busy played" />
      ))}
    </svg>
  );
}
