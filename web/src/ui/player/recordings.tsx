/** The recordings of the office, newest first, to choose one from. */
import { useState } from "preact/hooks";
import type { RecordingRow } from "../../net/shapes.ts";
import { useApp } from "../app.ts";
import { useFetched } from "../fetched.ts";
import { about, clockTime, weekday } from "../numbers.ts";
import { Button, Icon, Waiting } from "../parts.tsx";
import { words } from "../words.ts";
import { playerWords } from "./words.ts";

const said = playerWords.recordings;
const MINUTE_MS = 60_000;

function lastedWords({ seconds }: RecordingRow): string {
  return said.lasted(about(seconds * 1000));
}

interface RowProps {
  readonly row: RecordingRow;
  readonly open: (recording: string, back?: number) => void;
}

/** A session that still goes on may be looked at from its beginning, or from just now. */
function LiveRow({ row, open }: RowProps) {
  return (
    <li class="recording live">
      <div class="row">
        <i class="dot" aria-hidden="true" />
        <b class="grow">{said.now}</b>
        <span class="dim">{said.since(clockTime(row.started))}</span>
      </div>
      <div class="row under">
        <Button look="s grow" glyph="flag" onClick={() => open(row.id)}>
          {said.fromStart}
        </Button>
        <Button look="s grow" glyph="replay" onClick={() => open(row.id, MINUTE_MS)}>
          {said.minuteBack}
        </Button>
      </div>
    </li>
  );
}

function Row({ row, open }: RowProps) {
  return (
    <li>
      <button type="button" class="recording row" onClick={() => open(row.id)}>
        <Icon name="replay" />
        <span class="grow">
          <b>{`${weekday(row.started)}, ${clockTime(row.started)}`}</b>
          <span class="dim small clip">{lastedWords(row)}</span>
        </span>
      </button>
    </li>
  );
}

/** Pages that were asked for, one after the other. */
function useRecordings() {
  const { api } = useApp();
  const [before, setBefore] = useState<readonly RecordingRow[]>([]);
  const [cursor, setCursor] = useState<string>();
  const answer = useFetched((signal) => api.recordings(cursor, signal), [cursor], true);
  const rows = [...before, ...(answer.value?.items ?? [])].filter((row, index, all) => all.findIndex(({ id }) => id === row.id) === index);
  const next = answer.state === "here" ? answer.value.next : undefined;
  function more(): void {
    setBefore(rows);
    setCursor(next);
  }
  return { answer, rows, more: next === undefined ? undefined : more };
}

export function Recordings() {
  const { view, lookBack, now } = useApp();
  const { answer, rows, more } = useRecordings();
  function open(recording: string, back?: number): void {
    lookBack?.(recording, back === undefined ? {} : { t: String(Math.floor(now() - back)), playing: true });
  }
  return (
    <div class="side">
      <header class="row between sheet-head">
        <h1 class="title">{said.title}</h1>
        <Button look="s icon quiet" glyph="cross" label={`${words.submit.close} (Esc)`} onClick={() => view.back()} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls is reached by keyboard */}
      <section class="scroll grow" tabIndex={0} aria-label={said.title}>
        <p class="dim small">{said.lead}</p>
        {answer.state === "waiting" && <Waiting rows={4} height={32} />}
        {answer.state === "failed" && <p class="honey">{said.late}</p>}
        {answer.state === "here" && rows.length === 0 && <p class="lead">{said.nothing}</p>}
        <ol class="recordings">
          {rows.map((row) =>
            row.ended === undefined ? <LiveRow key={row.id} row={row} open={open} /> : <Row key={row.id} row={row} open={open} />,
          )}
        </ol>
        {more !== undefined && (
          <Button look="s" onClick={more}>
            {said.more}
          </Button>
        )}
      </section>
    </div>
  );
}
