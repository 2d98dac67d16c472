/** The scrubber: a slider over the chart, markers above it, clock times below. */
import { useSignalEffect } from "@preact/signals";
import { memo } from "preact/compat";
import { useMemo, useRef, useState } from "preact/hooks";
import { type Line, levelAt } from "../../replay/area.ts";
import type { Player } from "../../replay/player.ts";
import { clockSeconds, elapsed } from "../numbers.ts";
import { Icon } from "../parts.tsx";
import { Chart, momentAt, Played, type Scale, xOf } from "./chart.tsx";
import { type Cluster, clustered, clusterWords, marksOf } from "./marks.ts";
import { useBatchNames } from "./names.ts";
import { ticks } from "./ticks.ts";
import { playerWords } from "./words.ts";

/** Two glyphs stand so many pixels apart. */
const APART_PX = 18;
const PAGE_MS = 60_000;

function Markers({ clusters, scale, player }: { clusters: readonly Cluster[]; scale: Scale; player: Player }) {
  return (
    <div class="marks">
      {clusters.map((cluster) => {
        const words = clusterWords(cluster, clockSeconds);
        const count = cluster.marks.length;
        return (
          <button
            key={cluster.marks[0]?.at}
            type="button"
            class={`mark-at ${cluster.tone}`}
            style={{ left: `${xOf(cluster.at, scale)}px` }}
            title={words}
            aria-label={count > 1 ? `${count}: ${words}` : words}
            tabIndex={-1}
            onClick={() => player.seek(cluster.at)}
          >
            <Icon name={cluster.glyph} />
            {count > 1 && <small>{count}</small>}
          </button>
        );
      })}
    </div>
  );
}

function Times({ scale }: { readonly scale: Scale }) {
  return (
    <div class="times dim small" aria-hidden="true">
      {ticks(scale).map(({ at, words, edge }) => (
        <span key={at} class={edge} style={{ left: `${xOf(at, scale)}px` }}>
          {words}
        </span>
      ))}
    </div>
  );
}

/** What the pointer is at, over the chart. */
function Hover({ x, scale, lines }: { readonly x: number; readonly scale: Scale; readonly lines: readonly Line[] }) {
  const at = momentAt(x, scale);
  const running = levelAt(lines, at);
  const half = 84;
  return (
    <span class="hover-time" style={{ left: `${Math.min(scale.width - half, Math.max(half, x))}px` }} aria-hidden="true">
      <b>{clockSeconds(at)}</b>
      {running !== undefined && <span class="dim">{playerWords.busy(Math.min(10, running))}</span>}
    </span>
  );
}

/** The knob and what was played move with every picture; they are moved by hand, and nothing else is drawn for it. */
function useKnob(player: Player, scale: Scale) {
  const [knob, past, slider] = [useRef<HTMLDivElement>(null), useRef<HTMLDivElement>(null), useRef<HTMLDivElement>(null)];
  const shownScale = useRef(scale);
  shownScale.current = scale;
  const spoken = useRef(-1);
  function put(at: number): void {
    const x = xOf(at, shownScale.current);
    if (knob.current !== null) knob.current.style.transform = `translateX(${x}px)`;
    if (past.current !== null) past.current.style.width = `${x}px`;
    const second = Math.floor(at / 1000);
    if (second === spoken.current || slider.current === null) return;
    spoken.current = second;
    const [from, to] = player.bounds.peek();
    slider.current.setAttribute("aria-valuenow", String(Math.round((at - from) / 1000)));
    slider.current.setAttribute("aria-valuetext", playerWords.moment(clockSeconds(at), elapsed(at - from), elapsed(to - from)));
  }
  useSignalEffect(() => put(player.position.value));
  put(player.position.peek());
  return { knob, past, slider };
}

const Ground = memo(Chart);
const Past = memo(Played);

/** What only the slider that has the focus does; arrows are keys of the whole page. */
function onKey(event: KeyboardEvent, player: Player): void {
  const [from, to] = player.bounds.peek();
  const deeds: Readonly<Record<string, () => void>> = {
    Home: () => player.seek(from),
    End: () => player.seek(to),
    PageUp: () => player.by(PAGE_MS),
    PageDown: () => player.by(-PAGE_MS),
  };
  const deed = Object.hasOwn(deeds, event.key) ? deeds[event.key] : undefined;
  if (deed === undefined) return;
  event.preventDefault();
  deed();
}

export function Scrubber({ player, width }: { readonly player: Player; readonly width: number }) {
  const [bounds, recorded, gaps, idle] = [player.bounds.value, player.recorded.value, player.gaps.value, player.idle.value];
  const scale = useMemo<Scale>(() => ({ bounds, width }), [bounds, width]);
  const lines = player.lines.value;
  const apart = ((bounds[1] - bounds[0]) * APART_PX) / Math.max(1, width);
  const nameOf = useBatchNames(recorded);
  const clusters = useMemo(() => clustered(marksOf(recorded?.markers ?? [], bounds, nameOf), apart), [recorded, bounds, apart, nameOf]);
  const [hover, setHover] = useState<number>();
  const held = useRef(false);
  const { knob, past, slider } = useKnob(player, scale);
  const within = (event: PointerEvent) => event.clientX - (slider.current?.getBoundingClientRect().left ?? 0);
  function press(event: PointerEvent): void {
    if (event.button !== 0) return;
    held.current = true;
    slider.current?.setPointerCapture(event.pointerId);
    player.seek(momentAt(within(event), scale));
  }
  function move(event: PointerEvent): void {
    const x = within(event);
    if (event.pointerType === "mouse") setHover(x);
    if (held.current) player.seek(momentAt(x, scale));
  }
  const release = () => {
    held.current = false;
  };
  return (
    <div class="scrubber" style={{ width: `${width}px` }}>
      <Markers clusters={clusters} scale={scale} player={player} />
      <div
        ref={slider}
        class="track"
        role="slider"
        tabIndex={0}
        aria-label={playerWords.scrubber}
        aria-valuemin={0}
        aria-valuemax={Math.round((bounds[1] - bounds[0]) / 1000)}
        aria-valuenow={0}
        onPointerDown={press}
        onPointerMove={move}
        onPointerUp={release}
        onPointerCancel={release}
        onPointerLeave={() => setHover(undefined)}
        onKeyDown={(event) => onKey(event, player)}
      >
        <Ground lines={lines} idle={idle} gaps={gaps} scale={scale} />
        <div class="past" ref={past}>
          <Past lines={lines} scale={scale} />
        </div>
        {hover !== undefined && recorded !== undefined && <Hover x={hover} scale={scale} lines={lines} />}
        <div class="knob" ref={knob} aria-hidden="true">
          <i />
        </div>
      </div>
      <Times scale={scale} />
    </div>
  );
}
