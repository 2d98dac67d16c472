/** How many of a batch's tasks ended in a minute, over time: a plot that says what stands under the pointer. */
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { useApp } from "./app.ts";
import { hue } from "./hue.ts";
import type { Pace } from "./insight.ts";
import { clockSeconds, clockTime, perMinute } from "./numbers.ts";
import { words } from "./words.ts";
import "uplot/dist/uPlot.min.css";
import "./pace.css";

const HEIGHT = 112;
const AXIS_PX = 44;
/** A batch that took less is told by the second. */
const SHORT_S = 600;

interface Ink {
  readonly line: string;
  readonly red: string;
  readonly grid: string;
  readonly text: string;
}

/** A canvas knows no custom properties: what they are worth where it stands. */
function inkOf(element: HTMLElement, order: number): Ink {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const name = /var\((.*)\)/.exec(hue(order))?.[1] ?? "--teal";
  return { line: read(name), red: read("--red"), grid: read("--line"), text: read("--ink-2") };
}

function optionsOf(ink: Ink, width: number, clock: (moment: number) => string, point: (index: number | undefined) => void): uPlot.Options {
  const axis = { stroke: ink.text, font: "500 12px Figtree, sans-serif", grid: { stroke: ink.grid, width: 1 }, ticks: { show: false } };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { x: { time: true }, y: { range: (_plot, _least, most) => [0, Math.max(most * 1.1, 1)] } },
    axes: [
      { ...axis, size: 22, values: (_plot, moments) => moments.map((moment) => clock(moment)), grid: { show: false } },
      {
        ...axis,
        size: AXIS_PX,
        splits: (_plot, _axis, least, most) => [least, most / 2.2, most / 1.1],
        values: (_plot, rates) => rates.map(perMinute),
      },
    ],
    series: [
      {},
      { stroke: ink.red, width: 1.5, points: { show: false } },
      { stroke: ink.line, width: 2, fill: `${ink.line}33`, points: { show: false } },
    ],
    hooks: { setCursor: [(plot) => point(plot.cursor.idx ?? undefined)] },
  };
}

/** How moments of it are told, in seconds since 1970. */
function clockOf({ at }: Pace): (moment: number) => string {
  const short = (at.at(-1) ?? 0) - (at[0] ?? 0) < SHORT_S;
  return (moment) => (short ? clockSeconds : clockTime)(moment * 1_000);
}

/** The whole line in one sentence, for who does not see it. */
function summary({ at, all }: Pace): string {
  const most = Math.max(...all);
  const when = at[all.indexOf(most)] ?? 0;
  return words.batch.paceSummary(perMinute(most), clockTime(when * 1_000), perMinute(all.at(-1) ?? 0));
}

export function PaceChart({ pace, order }: { readonly pace: Pace; readonly order: number }) {
  const { view } = useApp();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const [index, point] = useState<number>();
  const night = view.night.value;
  const data = [pace.at, pace.all, pace.done] as unknown as uPlot.AlignedData;
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const made = new uPlot(optionsOf(inkOf(element, order), element.clientWidth, clockOf(pace), point), data, element);
    plot.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
    };
  }, [order, night]);
  useEffect(() => plot.current?.setData(data), [pace]);
  const [at, done, all] = index === undefined ? [] : [pace.at[index], pace.done[index], pace.all[index]];
  return (
    <div class="pace">
      <div ref={box} role="img" aria-label={summary(pace)} />
      <p class="small dim">
        {at === undefined || done === undefined || all === undefined
          ? words.batch.paceLegend
          : words.batch.paceAt(clockOf(pace)(at), perMinute(done), perMinute(all - done))}
      </p>
    </div>
  );
}
