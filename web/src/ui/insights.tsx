/** Looks at a batch: how long its tasks took, how fast they came, and why some failed. Where not all were looked at, it says how many were. */
import { useRef, useState } from "preact/hooks";
import type { BatchFigures, Durations, Why } from "../net/figures.ts";
import { useApp } from "./app.ts";
import { useFetched } from "./fetched.ts";
import type { Figures } from "./figures.ts";
import { hue } from "./hue.ts";
import { along, barOf, paceOf, SPREAD_MIN, turnOf, whyWords } from "./insight.ts";
import { later } from "./later.tsx";
import { count, measuredTime } from "./numbers.ts";
import { Button, Waiting } from "./parts.tsx";
import { failureWords } from "./trouble.ts";
import { words } from "./words.ts";

const PaceChart = later(() => import("./pace.tsx").then((room) => room.PaceChart));

const REASONS_SHOWN = 3;
const WIDTH = 286;
const HEIGHT = 84;
const GAP = 3;

function Bars({ durations, order }: { readonly durations: Durations; readonly order: number }) {
  const tallest = Math.max(...durations.bars, 1);
  const wide = WIDTH / durations.bars.length;
  const x = (ms: number) => along(ms, durations) * WIDTH;
  return (
    <svg class="spread" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" style={{ color: hue(order) }} aria-hidden="true">
      {durations.bars.map((value, index) => {
        const height = value === 0 ? 0 : Math.max((value / tallest) * (HEIGHT - 4), 2);
        return (
          <rect
            key={index}
            class={index === barOf(durations.half, durations) ? "half" : ""}
            x={index * wide}
            y={HEIGHT - height}
            width={wide - GAP}
            height={height}
            rx={Math.min(2.5, height / 2)}
          />
        );
      })}
      <path class="mark-half" d={`M${x(durations.half)} 0V${HEIGHT}`} />
      <path class="mark-most" d={`M${x(durations.most)} 12V${HEIGHT}`} />
    </svg>
  );
}

function Spread({ durations, order }: { readonly durations: Durations; readonly order: number }) {
  const { half, most, from, to, longer, longest } = durations;
  return (
    <>
      <Bars durations={durations} order={order} />
      <div class="row between small dim axis">
        <span>{measuredTime(from)}</span>
        <span>{longer > 0 ? words.batch.longer(longer, measuredTime(longest)) : measuredTime(to)}</span>
      </div>
      <p class="small">
        <b>{words.batch.half(measuredTime(half))}</b>, {words.batch.most(measuredTime(most))}
      </p>
    </>
  );
}

type Look = "long" | "fast";

function Looks({ chosen, choose }: { readonly chosen: Look; readonly choose: (look: Look) => void }) {
  return (
    <fieldset class="seg small-seg" aria-label={words.batch.looks.label}>
      {(["long", "fast"] as const).map((look) => (
        <button key={look} type="button" class={look === chosen ? "on" : ""} aria-pressed={look === chosen} onClick={() => choose(look)}>
          {words.batch.looks[look]}
        </button>
      ))}
    </fieldset>
  );
}

function HowLong({ told, figures }: { readonly told: BatchFigures | undefined; readonly figures: Figures }) {
  const [look, setLook] = useState<Look>("long");
  const { durations } = told ?? {};
  const enough = durations !== undefined && durations.of >= SPREAD_MIN;
  const pace = told === undefined ? undefined : paceOf(told);
  return (
    <div class="how-long">
      <div class="row between">
        <h2>{look === "long" ? words.batch.howLong : words.batch.howFast}</h2>
        {pace === undefined ? (
          enough && <span class="dim small">{words.batch.ofDone(durations.of)}</span>
        ) : (
          <Looks chosen={look} choose={setLook} />
        )}
      </div>
      {told === undefined && figures.done > 0 && <Waiting rows={3} height={16} />}
      {told !== undefined && !enough && look === "long" && <p class="dim small under">{words.batch.afterSome(SPREAD_MIN)}</p>}
      {look === "long" && enough && <Spread durations={durations} order={figures.order} />}
      {look === "fast" && pace !== undefined && <PaceChart pace={pace} order={figures.order} />}
      {told !== undefined && told.every > 1 && <p class="dim small">{words.batch.everyNth(told.every)}</p>}
    </div>
  );
}

/** Tries all that failed for one reason again. */
function RetryThese({ batch, reason, say }: { readonly batch: string; readonly reason: Why; readonly say: (trouble: string) => void }) {
  const { api } = useApp();
  const [asked, setAsked] = useState(false);
  function retry(): void {
    setAsked(true);
    api
      .control(batch, "retry", reason.why)
      .catch((error: unknown) => say(failureWords(error)))
      .finally(() => setAsked(false));
  }
  return (
    <button
      type="button"
      class="link small"
      disabled={asked}
      aria-label={words.batch.retryThese(reason.count, whyWords(reason.why))}
      onClick={retry}
    >
      {asked ? words.batch.retrying : words.batch.retryShort}
    </button>
  );
}

interface WhyProps {
  readonly batch: string;
  readonly told: BatchFigures | undefined;
  readonly figures: Figures;
  readonly pick: (why: string) => void;
}

function WhyFailed({ batch, told, figures, pick }: WhyProps) {
  const { rights } = useApp();
  const [trouble, setTrouble] = useState<string>();
  const reasons = told?.reasons ?? [];
  const most = reasons[0]?.count ?? 1;
  const more = reasons.length - REASONS_SHOWN + (told?.more ?? 0);
  return (
    <div class="why-failed">
      <h2>{words.batch.whyFailed(figures.failed)}</h2>
      {told === undefined && <Waiting rows={2} height={16} />}
      <ul>
        {reasons.slice(0, REASONS_SHOWN).map((reason) => (
          <li key={reason.why}>
            <div class="row">
              <button type="button" class="bare grow clip" onClick={() => pick(reason.why)}>
                {whyWords(reason.why)}
              </button>
              <b class="red">{count(reason.count)}</b>
              {rights.acts && reason.why !== "" && <RetryThese batch={batch} reason={reason} say={setTrouble} />}
            </div>
            <div class="meter failed" aria-hidden="true">
              <i style={{ width: `${(reason.count / most) * 100}%` }} />
            </div>
          </li>
        ))}
      </ul>
      {more > 0 && <p class="dim small">{words.batch.moreReasons(more)}</p>}
      {trouble !== undefined && <p class="red small">{trouble}</p>}
    </div>
  );
}

export interface InsightsProps {
  readonly batch: string;
  readonly figures: Figures;
  readonly pick: (why: string) => void;
}

/** A handful of tasks needs no chart: each of them stands in the list below. */
export function Insights({ batch, figures, pick }: InsightsProps) {
  const { api, view } = useApp();
  const turn = useRef<string | undefined>(undefined);
  const [again, setAgain] = useState(0);
  turn.current = turnOf(figures, view.second.value, turn.current);
  const answer = useFetched((signal) => api.figures(batch, signal), [batch, turn.current, again], true);
  const chart = figures.total >= SPREAD_MIN;
  if (!chart && figures.failed === 0) return null;
  if (answer.state === "failed" && answer.value === undefined) {
    return (
      <section class="row insights-failed">
        <p class="dim small grow">{words.batch.noFigures}</p>
        <Button look="s" glyph="retry" onClick={() => setAgain(again + 1)}>
          {words.results.again}
        </Button>
      </section>
    );
  }
  return (
    <section class="insights">
      {chart && <HowLong told={answer.value} figures={figures} />}
      {figures.failed > 0 ? (
        <WhyFailed batch={batch} told={answer.value} figures={figures} pick={pick} />
      ) : (
        <p class="dim small">{words.batch.noneFailed}</p>
      )}
    </section>
  );
}
