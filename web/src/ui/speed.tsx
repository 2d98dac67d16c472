/** Speed and quota: quiet figures. The line is what this page saw since it was opened, and nothing else. */
import { useApp } from "./app.ts";
import { count, rate, utcDay } from "./numbers.ts";
import { words } from "./words.ts";

const WIDTH = 142;
const HEIGHT = 26;
const POINTS_MIN = 3;

/** The points of a line through the samples, from the left edge to the right one. */
export function sparkline(samples: readonly number[], width: number, height: number): string {
  const most = Math.max(...samples, 1);
  const step = width / Math.max(samples.length - 1, 1);
  return samples.map((value, index) => `${(index * step).toFixed(1)},${(height - 2 - (value / most) * (height - 6)).toFixed(1)}`).join(" ");
}

function Spark({ samples, now }: { readonly samples: readonly number[]; readonly now: string }) {
  const points = sparkline(samples, WIDTH, HEIGHT);
  const last = points.split(" ").at(-1)?.split(",")[1] ?? "0";
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words.side.speedLong(now)}>
      <polygon points={`0,${HEIGHT} ${points} ${WIDTH},${HEIGHT}`} />
      <polyline points={points} />
      <circle cx={WIDTH} cy={last} r="3" />
    </svg>
  );
}

function Speed() {
  const { store } = useApp();
  const perhour = store.queue.value?.perhour;
  const samples = store.seen.value.speed;
  const now = perhour === undefined ? words.desk.unknown : rate(perhour);
  return (
    <div class="grow">
      <div class="row between small dim">
        <span>{words.side.speed}</span>
        <b class="ink">{now}</b>
      </div>
      <div class="spark-place">{samples.length >= POINTS_MIN && <Spark samples={samples} now={now} />}</div>
    </div>
  );
}

function QuotaMeter() {
  const { store } = useApp();
  const quota = store.quota.value;
  if (quota === undefined) return <div class="grow" />;
  const used = quota.limit === 0 ? 100 : Math.min((quota.used / quota.limit) * 100, 100);
  return (
    <div class="grow">
      <div class="row between small dim">
        <span>{words.side.quota}</span>
        <b class="ink">{words.side.quotaUsed(quota.used, quota.limit)}</b>
      </div>
      <div class="meter" role="img" aria-label={`${count(Math.round(used))} %`}>
        <i style={{ width: `${used}%` }} />
      </div>
      <div class="small dim3">{words.side.anew(utcDay(quota.resets))}</div>
    </div>
  );
}

/** A quota is its members' affair. */
export function SpeedAndQuota() {
  const { rights } = useApp();
  return (
    <div class="row pair">
      <Speed />
      {rights.asks && <QuotaMeter />}
    </div>
  );
}
