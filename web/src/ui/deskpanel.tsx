/** One desk: who sits there, what they do, how far it is, its log, and what can be done about it. */
import { useRef, useState } from "preact/hooks";
import type { Task } from "../net/shapes.ts";
import type { Batch, Desk } from "../state/office.ts";
import { drawn, left } from "../state/progress.ts";
import type { Past } from "../state/seen.ts";
import { useApp } from "./app.ts";
import { batchName, DESKS, deskWords, GLYPHS, ringOf, untilWords } from "./facts.ts";
import { useFetched } from "./fetched.ts";
import { type Held, held } from "./held.ts";
import { hue } from "./hue.ts";
import { keyOf } from "./keys.ts";
import { Log } from "./log.tsx";
import { FollowButton } from "./lookedat.tsx";
import { about, clockTime, elapsed, percent } from "./numbers.ts";
import { Button, Confirm, Dial, Icon, KeyCap, Swatch } from "./parts.tsx";
import { failureWords } from "./trouble.ts";
import { whyOf } from "./why.ts";
import { reasonWords, tierTitle, words } from "./words.ts";

function Walk({ index }: { readonly index: number }) {
  const { view } = useApp();
  const go = (step: number) => view.open({ kind: "desk", desk: (index + step + DESKS) % DESKS });
  return (
    <header class="row between walk">
      <Button look="s quiet" glyph="back" onClick={() => view.open({ kind: "sidebar" })}>
        {words.desk.back}
      </Button>
      <span class="row tightly">
        <FollowButton />
        <Button look="s icon quiet" glyph="back" label={`${words.desk.previous} (←)`} onClick={() => go(-1)} />
        <span class="dim small">{words.desk.place(index + 1)}</span>
        <Button look="s icon quiet" glyph="next" label={`${words.desk.next} (→)`} onClick={() => go(1)} />
      </span>
    </header>
  );
}

function Who({
  index,
  desk,
  batch,
  now,
}: {
  readonly index: number;
  readonly desk: Desk;
  readonly batch: Batch | undefined;
  readonly now: number;
}) {
  const { view } = useApp();
  const color = desk.activity === "failed" ? "var(--red)" : hue(batch?.order);
  const { batch: id } = desk;
  return (
    <section class="who">
      <div class="row">
        <Dial permille={ringOf(desk, now)} color={color} estimated={desk.progress?.[3] === 0} glyph={GLYPHS[desk.activity]} />
        <b>{desk.worker}</b>
        <span class={desk.activity === "failed" ? "red" : "dim"}>{words.desk.activity[desk.activity]}</span>
        <span class="grow" />
        <KeyCap>{keyOf(index)}</KeyCap>
      </div>
      {desk.title !== undefined && <h1 class="title">{desk.title}</h1>}
      {batch !== undefined && id !== undefined && (
        <button
          type="button"
          class="row dim of-batch"
          onClick={() => view.open({ kind: "batch", id })}
          title={words.desk.openBatch(batchName(batch))}
        >
          <Swatch order={batch.order} />
          <span class="clip">{batchName(batch)}</span>
        </button>
      )}
    </section>
  );
}

function Stat({ value, label }: { readonly value: string; readonly label: string }) {
  return (
    <div class="stat grow">
      <b>{value}</b>
      <small>{label}</small>
    </div>
  );
}

function noteOf(desk: Desk, now: number): string {
  if (desk.activity === "waiting") return desk.until === undefined ? words.desk.waits : words.desk.waitsFor(untilWords(desk.until, now));
  if (desk.activity === "failed") return deskWords(desk, now);
  if (desk.activity === "done") return words.results.states.done;
  return desk.note ?? words.desk.working;
}

/** What is shown of a note: it may not change as quickly as a task writes. */
function useHeld(note: string, of: string, now: number): string {
  const shown = useRef<Held | undefined>(undefined);
  shown.current = held(shown.current, note, of, now);
  return shown.current.note;
}

function Meter({ desk, now }: { readonly desk: Desk; readonly now: number }) {
  if (desk.progress === undefined) return <div class="meter tall" />;
  const permille = drawn(desk.progress, now);
  const guessed = desk.progress[3] === 0;
  return (
    <div class={guessed ? "meter tall guessed" : "meter tall"} role="img" aria-label={percent(permille)}>
      <i style={{ width: `${permille / 10}%` }} />
    </div>
  );
}

/** Since the attempt was admitted; what came before a wait counts too. */
function spent(desk: Desk, task: Task | undefined, now: number): string {
  const attempt = task?.executions.find((each) => each.id === desk.execution);
  if (desk.activity === "done" || desk.activity === "failed")
    return attempt === undefined ? words.desk.unknown : elapsed(desk.since - attempt.started);
  if (desk.activity === "working") return elapsed(now - desk.since);
  return attempt === undefined ? words.desk.unknown : elapsed(now - attempt.started);
}

function Progress({ desk, task, now }: { readonly desk: Desk; readonly task: Task | undefined; readonly now: number }) {
  const running = desk.activity === "working" || desk.activity === "waiting";
  const note = useHeld(noteOf(desk, now), `${desk.execution} ${desk.activity}`, now);
  const attempt = desk.attempt === undefined ? words.desk.unknown : words.desk.attempts(...desk.attempt);
  const rest = desk.progress === undefined || !running ? words.desk.unknown : about(left(desk.progress, now));
  return (
    <section class="how-far">
      <div class="row between">
        <b class={desk.activity === "failed" ? "red clip" : "clip"}>{note}</b>
        <span class="dim nowrap">
          {desk.progress !== undefined &&
            `${percent(drawn(desk.progress, now))}${desk.progress[3] === 0 ? `, ${words.desk.estimated}` : ""}`}
        </span>
      </div>
      <Meter desk={desk} now={now} />
      <div class="row stats">
        <Stat value={spent(desk, task, now)} label={running ? words.desk.elapsed : words.desk.took} />
        <Stat value={rest} label={words.desk.left} />
        <Stat value={attempt} label={words.desk.attempt} />
      </div>
    </section>
  );
}

function Controls({ task, desk }: { readonly task: string; readonly desk: Desk }) {
  const { api } = useApp();
  const [asked, setAsked] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  const running = desk.activity === "working" || desk.activity === "waiting";
  const failed = desk.activity === "failed" && desk.until === undefined;
  function ask(what: (id: string) => Promise<void>): void {
    setTrouble(undefined);
    setAsked(true);
    what(task).catch((error: unknown) => {
      setAsked(false);
      setTrouble(failureWords(error));
    });
  }
  return (
    <section class="controls">
      <div class="row">
        <Confirm look="grow" glyph="cross" sure={words.desk.cancelSure} disabled={!running || asked} onSure={() => ask(api.cancelTask)}>
          {asked && running ? words.desk.cancelling : words.desk.cancel}
        </Confirm>
        <Button look="grow" glyph="retry" disabled={!failed || asked} onClick={() => ask(api.retryTask)}>
          {words.desk.retry}
        </Button>
      </div>
      <div class={trouble === undefined ? "dim3 small hint" : "red small hint"}>
        {trouble ?? (running ? words.desk.retryHint : words.desk.cancelHint)}
      </div>
    </section>
  );
}

function PastRow({ past }: { readonly past: Past }) {
  const why = past.done ? (past.took === undefined ? "" : elapsed(past.took)) : reasonWords(past.reason).toLowerCase();
  return (
    <li class="row">
      <Icon name={past.done ? "check" : "bang"} tone={past.done ? "dim" : "red"} />
      <span class="grow clip">{past.title ?? words.desk.working}</span>
      <span class={past.done ? "dim" : "red"}>{why}</span>
      <span class="dim3 at">{clockTime(past.at)}</span>
    </li>
  );
}

function Before({ index }: { readonly index: number }) {
  const { store } = useApp();
  const current = store.desks.value[index]?.execution;
  const past = (store.seen.value.past[index] ?? []).filter((each) => each.execution !== current).slice(0, 4);
  if (past.length === 0) return null;
  return (
    <section class="before">
      <h2>{words.desk.before}</h2>
      <ul>
        {past.map((each) => (
          <PastRow key={each.execution} past={each} />
        ))}
      </ul>
    </section>
  );
}

/** Since when nobody works here, and what was done last, as far as this page saw it. */
function IdleSince({ index, desk, now }: { readonly index: number; readonly desk: Desk; readonly now: number }) {
  const { store } = useApp();
  const [last] = store.seen.value.past[index] ?? [];
  const since = words.desk.idleFor(about(now - desk.since));
  if (last === undefined) return <p class="dim small under">{since}</p>;
  const came = last.done ? words.desk.activity.done : reasonWords(last.reason).toLowerCase();
  return (
    <p class="dim small under">
      {since} {words.desk.last(last.title ?? words.desk.working, came)}
    </p>
  );
}

function Unoccupied({ desk }: { readonly desk: Desk }) {
  const { store, view, kinds, now } = useApp();
  const [office, queue, state] = [store.office.value, store.queue.value, store.state.value];
  const at = view.second.value >= 0 ? now() : 0;
  if (desk.activity === "off" && office !== undefined) {
    return <p class="lead">{words.desk.asleep(tierTitle(office.tier), office.slots)}</p>;
  }
  const why = state === undefined ? undefined : whyOf(state, kinds.value, at);
  if (why !== undefined) return <p class="lead">{words.desk.freeBlocked(why.sentence)}</p>;
  return <p class="lead">{(queue?.waiting ?? 0) > 0 ? words.desk.free : words.desk.freeNothing}</p>;
}

function Occupied({ desk, now }: { readonly desk: Desk; readonly now: number }) {
  const { api, rights } = useApp();
  const { task, execution } = desk;
  const answer = useFetched(
    () => (task === undefined || !rights.asks ? Promise.resolve(undefined) : api.task(task)),
    [task, execution],
    true,
  );
  const known = answer.value?.id === task ? answer.value : undefined;
  return (
    <>
      <Progress desk={desk} task={known} now={now} />
      {execution !== undefined && rights.asks && (
        <section class="log-place">
          <Log key={execution} execution={execution} />
        </section>
      )}
      {task !== undefined && rights.acts && <Controls key={`${task}-${desk.activity}`} task={task} desk={desk} />}
    </>
  );
}

export function DeskPanel({ index }: { readonly index: number }) {
  const { store, view, now } = useApp();
  const desk = store.desks.value[index];
  const at = view.second.value >= 0 ? now() : 0;
  if (desk === undefined) return <Walk index={index} />;
  const batch = desk.batch === undefined ? undefined : store.batches.value[desk.batch];
  return (
    <div class="desk-panel">
      <Walk index={index} />
      <Who index={index} desk={desk} batch={batch} now={at} />
      {desk.activity === "idle" || desk.activity === "off" ? (
        <section>
          <Unoccupied desk={desk} />
          {desk.activity === "idle" && <IdleSince index={index} desk={desk} now={at} />}
        </section>
      ) : (
        <Occupied key={desk.execution ?? desk.since} desk={desk} now={at} />
      )}
      <Before index={index} />
    </div>
  );
}
