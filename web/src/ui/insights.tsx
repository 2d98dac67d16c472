/** Two looks at a batch: how long its tasks took, and why some failed. Where not all were looked at, it says how many were. */
import { useState } from "preact/hooks";
import type { Task } from "../net/shapes.ts";
import { useApp } from "./app.ts";
import { ended } from "./facts.ts";
import type { Figures } from "./figures.ts";
import { hue } from "./hue.ts";
import { barAt, type Group, groupsOf, SPREAD_MIN, type Spread, spreadOf } from "./insight.ts";
import { count, measuredTime } from "./numbers.ts";
import { useSample } from "./sample.ts";
import { took } from "./tasktable.tsx";
import { words } from "./words.ts";

const GROUPS_SHOWN = 3;
const WIDTH = 286;
const HEIGHT = 84;
const GAP = 3;

function Bars({ spread, order }: { readonly spread: Spread; readonly order: number }) {
  const tallest = Math.max(...spread.bars, 1);
  const wide = WIDTH / spread.bars.length;
  const middle = barAt(spread.half, spread.from, spread.to);
  const x = (ms: number) => (spread.to === spread.from ? wide / 2 : ((ms - spread.from) / (spread.to - spread.from)) * WIDTH);
  return (
    <svg class="spread" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" style={{ color: hue(order) }} aria-hidden="true">
      {spread.bars.map((value, index) => {
        const height = value === 0 ? 0 : Math.max((value / tallest) * (HEIGHT - 4), 2);
        return (
          <rect
            key={index}
            class={index === middle ? "half" : ""}
            x={index * wide}
            y={HEIGHT - height}
            width={wide - GAP}
            height={height}
            rx={Math.min(2.5, height / 2)}
          />
        );
      })}
      <path class="mark-half" d={`M${x(spread.half)} 0V${HEIGHT}`} />
      <path class="mark-most" d={`M${x(spread.most)} 12V${HEIGHT}`} />
    </svg>
  );
}

function HowLong({ batch, figures }: { readonly batch: string; readonly figures: Figures }) {
  const tasks = useSample(batch, "done", figures.done, ended(figures));
  const durations = (tasks ?? []).flatMap((task) => took(task) ?? []);
  const spread = spreadOf(durations);
  const seen = durations.length;
  return (
    <div class="how-long">
      <div class="row between">
        <h2>{words.batch.howLong}</h2>
        <span class="dim small">
          {spread !== undefined && (seen < figures.done ? words.batch.firstDone(seen, figures.done) : words.batch.ofDone(seen))}
        </span>
      </div>
      {spread === undefined ? (
        <p class="dim small under">{words.batch.afterSome(SPREAD_MIN)}</p>
      ) : (
        <>
          <Bars spread={spread} order={figures.order} />
          <div class="row between small dim axis">
            <span>{measuredTime(spread.from)}</span>
            <span>{measuredTime(spread.to)}</span>
          </div>
          <p class="small">
            <b>{words.batch.half(measuredTime(spread.half))}</b>, {words.batch.most(measuredTime(spread.most))}
          </p>
        </>
      )}
    </div>
  );
}

/** Tries all of a group again, one request after another. */
function RetryGroup({ group }: { readonly group: Group }) {
  const { api } = useApp();
  const [asked, setAsked] = useState(false);
  async function retry(): Promise<void> {
    setAsked(true);
    for (const task of group.tasks) await api.retryTask(task.id).catch(() => undefined);
    setAsked(false);
  }
  return (
    <button
      type="button"
      class="link small"
      disabled={asked}
      aria-label={words.batch.retryThese(group.tasks.length, group.why)}
      onClick={() => void retry()}
    >
      {asked ? words.batch.retrying : words.batch.retryShort}
    </button>
  );
}

interface WhyProps {
  readonly batch: string;
  readonly figures: Figures;
  readonly pick: (group: Group) => void;
}

function WhyFailed({ batch, figures, pick }: WhyProps) {
  const { rights } = useApp();
  const tasks: readonly Task[] = useSample(batch, "failed", figures.failed, ended(figures)) ?? [];
  const groups = groupsOf(tasks);
  const all = tasks.length >= figures.failed;
  const most = groups[0]?.tasks.length ?? 1;
  return (
    <div class="why-failed">
      <h2>{all || tasks.length === 0 ? words.batch.whyFailed(figures.failed) : words.batch.firstFailed(tasks.length, figures.failed)}</h2>
      <ul>
        {groups.slice(0, GROUPS_SHOWN).map((group) => (
          <li key={group.why}>
            <div class="row">
              <button type="button" class="bare grow clip" onClick={() => pick(group)}>
                {group.why}
              </button>
              <b class="red">{count(group.tasks.length)}</b>
              {rights.acts && <RetryGroup group={group} />}
            </div>
            <div class="meter failed" aria-hidden="true">
              <i style={{ width: `${(group.tasks.length / most) * 100}%` }} />
            </div>
          </li>
        ))}
      </ul>
      {groups.length > GROUPS_SHOWN && <p class="dim small">{words.batch.moreReasons(groups.length - GROUPS_SHOWN)}</p>}
    </div>
  );
}

/** A handful of tasks needs no chart: each of them stands in the list below. */
export function Insights({ batch, figures, pick }: WhyProps) {
  const chart = figures.total >= SPREAD_MIN;
  if (!chart && figures.failed === 0) return null;
  return (
    <section class="insights">
      {chart && <HowLong batch={batch} figures={figures} />}
      {figures.failed > 0 ? <WhyFailed batch={batch} figures={figures} pick={pick} /> : <p class="dim small">{words.batch.noneFailed}</p>}
    </section>
  );
}
