/** Beside a replay: find a moment by a task's title, a batch or a desk; or what happened at all. */
import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { IconName } from "../../icons.ts";
import type { Happening } from "../../replay/happenings.ts";
import type { Player } from "../../replay/player.ts";
import { useApp } from "../app.ts";
import { batchesInOrder, batchName, DESKS } from "../facts.ts";
import { hue } from "../hue.ts";
import { clockSeconds, count } from "../numbers.ts";
import { Dial, Icon } from "../parts.tsx";
import { reasonWords } from "../words.ts";
import type { Replay } from "./contract.ts";
import { ANYTHING, currentRow, failedBy, isAsked, marked, matches, moments, type Query } from "./find.ts";
import { markOf } from "./marks.ts";
import { useBatchNames } from "./names.ts";
import { playerWords } from "./words.ts";

const { find } = playerWords;
/** More rows than anybody reads; whoever needs one of the others asks more closely. */
const ROWS_MAX = 200;
const ROW_PX = 46;
const GLYPHS: Readonly<Record<Happening["what"], IconName>> = { started: "play", upstairs: "stairs", done: "check", failed: "bang" };

function useNames() {
  const { store } = useApp();
  return (id: string | undefined) => (id === undefined ? undefined : store.batches.value[id]);
}

function whatWords({ what, worker, reason, again }: Happening): string {
  const said = what === "failed" ? reasonWords(reason).replace(/^./, (first) => first.toLowerCase()) : find.what[what];
  const whole = again ? `${said}, ${playerWords.markers.again}` : said;
  return worker === undefined ? whole : find.by(whole, worker);
}

interface RowProps {
  readonly at: number;
  readonly on: boolean;
  readonly player: Player;
  readonly children: preact.ComponentChildren;
}

function Row({ at, on, player, children }: RowProps) {
  return (
    <li>
      <button type="button" class={on ? "moment on" : "moment"} aria-current={on ? "true" : undefined} onClick={() => player.seek(at)}>
        {children}
        <span class="dim at">{clockSeconds(at)}</span>
      </button>
    </li>
  );
}

function Found({ happening, text }: { readonly happening: Happening; readonly text: string }) {
  const batch = useNames()(happening.batch);
  const failed = happening.what === "failed";
  const [before, hit, after] = marked(happening.title ?? (batch && batchName(batch)) ?? playerWords.markers.task, text);
  return (
    <>
      <Dial
        permille={happening.what === "started" || happening.what === "upstairs" ? 250 : 1000}
        color={failed ? "var(--red)" : hue(batch?.order)}
        estimated={false}
        glyph={GLYPHS[happening.what]}
      />
      <span class="grow">
        <b class="clip">
          {before}
          {hit !== "" && <mark>{hit}</mark>}
          {after}
        </b>
        <span class={failed ? "red small clip" : "dim small clip"}>{whatWords(happening)}</span>
      </span>
    </>
  );
}

interface ListProps {
  readonly player: Player;
  readonly query: Query;
}

function Matches({ player, query }: ListProps) {
  const { finder } = player;
  const segments = player.recorded.value?.segments.length;
  // Again when a segment was closed: until then it was found in as the open one.
  useEffect(() => {
    finder.begin();
    return () => finder.rest();
  }, [finder, segments]);
  const { read, of, failed, full } = finder.progress.value;
  const rows = finder.happenings.value.filter((happening) => matches(happening, query));
  const shown = rows.slice(0, ROWS_MAX);
  const current = useCurrent(player, shown);
  const list = useFollowed(current);
  return (
    <ol class="scroll moments" aria-label={find.title} ref={list}>
      {shown.map((happening, index) => (
        <Row key={`${happening.at}-${index}`} at={happening.at} on={index === current} player={player}>
          <Found happening={happening} text={query.text} />
        </Row>
      ))}
      {rows.length === 0 && read >= of && <li class="dim nothing">{find.none}</li>}
      {rows.length > shown.length && <li class="dim small nothing">{find.closer(rows.length - shown.length)}</li>}
      {full && <li class="honey small nothing">{find.full}</li>}
      {failed > 0 && <li class="honey small nothing">{find.missed(failed)}</li>}
    </ol>
  );
}

/** The row whose moment has come, looked for as often as figures are told. */
function useCurrent(player: Player, rows: ReadonlyArray<{ readonly at: number }>): number {
  const { view } = useApp();
  return view.second.value >= 0 ? currentRow(rows, player.shown.peek()) : -1;
}

function Noted({ player }: { readonly player: Player }) {
  const nameOf = useBatchNames(player.recorded.value);
  const rows = moments(player.recorded.value?.markers ?? [], player.bounds.value);
  const current = useCurrent(player, rows);
  const list = useFollowed(current);
  return (
    <ol class="scroll moments" aria-label={find.title} ref={list}>
      {rows.slice(0, ROWS_MAX * 5).map((marker, index) => {
        const mark = markOf(marker, nameOf);
        return (
          <Row key={`${marker.at}-${index}`} at={marker.at} on={index === current} player={player}>
            <span class={`mark-glyph ${mark.tone}`}>
              <Icon name={mark.glyph} />
            </span>
            <span class="grow" title={mark.words}>
              <b class="clip">{mark.title}</b>
              {mark.detail !== "" && <span class={mark.tone === "red" ? "red small clip" : "dim small clip"}>{mark.detail}</span>}
            </span>
          </Row>
        );
      })}
      {rows.length === 0 && player.recorded.value !== undefined && <li class="dim nothing">{find.quiet}</li>}
    </ol>
  );
}

/** The row one is at stays in sight while it plays, but not while somebody looks through the list. */
function useFollowed(current: number): RefObject<HTMLOListElement | null> {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const [box, row] = [list.current, list.current?.children[current]];
    if (box === null || !(row instanceof HTMLElement) || box.matches(":hover, :focus-within")) return;
    const top = row.offsetTop - box.offsetTop;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + row.offsetHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + row.offsetHeight + ROW_PX - box.clientHeight;
  }, [current]);
  return list;
}

interface AskProps {
  readonly player: Player;
  readonly query: Query;
  readonly ask: (query: Query) => void;
}

function Status({ player, query }: ListProps) {
  const { read, of } = player.finder.progress.value;
  const found = player.finder.happenings.value.filter((happening) => matches(happening, query)).length;
  return (
    <span class="dim small nowrap" role="status">
      {read < of ? find.looking(read, of) : find.found(found)}
    </span>
  );
}

function Field({ player, query, ask }: AskProps) {
  return (
    <div class="field">
      <Icon name="search" />
      <input
        id="search"
        type="search"
        placeholder={find.placeholder}
        aria-label={find.placeholder}
        value={query.text}
        onInput={(event) => ask({ ...query, text: event.currentTarget.value })}
      />
      {isAsked(query) && <Status player={player} query={query} />}
    </div>
  );
}

function Filters({ query, ask }: Omit<AskProps, "player">) {
  const { store } = useApp();
  const [batches, desks] = [batchesInOrder(store.batches.value), store.desks.value];
  return (
    <div class="row filters">
      <select
        aria-label={find.batch}
        value={query.batch ?? ""}
        onChange={(event) => ask({ ...query, batch: event.currentTarget.value || undefined })}
      >
        <option value="">{find.allBatches}</option>
        {batches.map(([id, batch]) => (
          <option key={id} value={id}>
            {batchName(batch)}
          </option>
        ))}
      </select>
      <select
        aria-label={find.desk}
        value={query.desk ?? ""}
        onChange={(event) => ask({ ...query, desk: event.currentTarget.value === "" ? undefined : Number(event.currentTarget.value) })}
      >
        <option value="">{find.allDesks}</option>
        {Array.from({ length: DESKS }, (_, index) => (
          <option key={index} value={index}>
            {desks[index]?.worker ?? index + 1}
          </option>
        ))}
      </select>
    </div>
  );
}

function Stats({ player }: { readonly player: Player }) {
  const { store, view } = useApp();
  const [office, queue] = [store.office.value, store.queue.value];
  const failed = view.second.value >= 0 ? failedBy(player.recorded.value?.markers ?? [], player.shown.peek()) : 0;
  if (office === undefined) return null;
  return (
    <section class="row between then">
      <div class="stat">
        <b>{count(queue?.waiting ?? 0)}</b>
        <small>{find.waitingThen}</small>
      </div>
      <div class="stat">
        <b>{find.running(office.running, office.slots)}</b>
        <small>{find.atATime}</small>
      </div>
      <div class="stat">
        <b>{count(failed)}</b>
        <small>{find.failedSoFar}</small>
      </div>
    </section>
  );
}

function hasTitles(player: Player): boolean {
  const view = player.recorded.value?.view;
  return view === undefined || view === "full" || view === "titles";
}

export function Moments({ replay }: { readonly replay: Replay }) {
  const { player } = replay;
  const query = useSignal<Query>(ANYTHING);
  const ask = (next: Query) => {
    query.value = next;
  };
  return (
    <>
      <section class="find">
        <h2>{find.title}</h2>
        {hasTitles(player) ? <Field player={player} query={query.value} ask={ask} /> : <p class="dim small">{find.noTitles}</p>}
        <Filters query={query.value} ask={ask} />
      </section>
      <section class="found">{isAsked(query.value) ? <Matches player={player} query={query.value} /> : <Noted player={player} />}</section>
      <Stats player={player} />
    </>
  );
}
