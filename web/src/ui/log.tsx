/** The log of one attempt, a second behind it at most: follows the end until the person scrolls up, and says how much came since. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "../net/http.ts";
import type { LogTail } from "../net/shapes.ts";
import { useApp } from "./app.ts";
import { clockSeconds, percent } from "./numbers.ts";
import { Button, Icon, Waiting } from "./parts.tsx";
import { words } from "./words.ts";

const POLL_MS = 1_000;
const LINES_MAX = 2_000;
const NEAR_PX = 24;

type Lines = LogTail["lines"];

export type LogState =
  | { readonly kind: "waiting" }
  | { readonly kind: "none" }
  | { readonly kind: "late"; readonly lines: Lines }
  | { readonly kind: "here"; readonly lines: Lines };

export function linesOf(log: LogState): Lines {
  return log.kind === "here" || log.kind === "late" ? log.lines : [];
}

/** What an answer makes of the log so far; only the newest lines are kept. */
export function grown(before: LogState, tail: LogTail): LogState {
  const lines = linesOf(before);
  if (before.kind === "here" && tail.lines.length === 0) return before;
  return { kind: "here", lines: [...lines, ...tail.lines].slice(-LINES_MAX) };
}

/** A directive as people read it: its share and its note, without the marks that the program wrote for us. */
export function directiveWords(text: string): string | undefined {
  const note = /^::note (.*)$/.exec(text);
  if (note !== null) return note[1];
  const progress = /^::progress (\d*\.?\d+)\s*(.*)$/.exec(text);
  return progress === null ? undefined : `${percent(Number(progress[1]) * 1000)} ${progress[2] ?? ""}`.trim();
}

/** Asks once a second while the page is looked at, until the attempt has ended and all of it has been read. */
function useLog(execution: string): LogState {
  const { api } = useApp();
  const [log, setLog] = useState<LogState>({ kind: "waiting" });
  useEffect(() => {
    const controller = new AbortController();
    let after = 0;
    let timer = 0;
    async function poll(): Promise<void> {
      if (document.visibilityState === "hidden") return again();
      const tail = await api.log(execution, after, controller.signal);
      after = tail.next;
      setLog((before) => grown(before, tail));
      if (!tail.ended || tail.lines.length > 0) again();
    }
    function again(): void {
      timer = window.setTimeout(() => poll().catch(failed), POLL_MS);
    }
    function failed(error: unknown): void {
      if (controller.signal.aborted) return;
      const missing = error instanceof Problem && error.status === 404;
      setLog((before) => (missing ? { kind: "none" } : { kind: "late", lines: linesOf(before) }));
      if (!missing) again();
    }
    setLog({ kind: "waiting" });
    poll().catch(failed);
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [api, execution]);
  return log;
}

function Line({ at, text }: { readonly at: number; readonly text: string }) {
  const directive = directiveWords(text);
  return (
    <div class="line">
      <span class="d">{clockSeconds(at)}</span> {directive === undefined ? text : <span class="d">{directive}</span>}
    </div>
  );
}

function Body({ log }: { readonly log: LogState }) {
  if (log.kind === "waiting") return <Waiting rows={3} />;
  if (log.kind === "none") return <span class="d">{words.desk.noLog}</span>;
  const lines = linesOf(log);
  if (lines.length === 0) return <span class="d">{log.kind === "late" ? words.desk.logLate : words.desk.nothingYet}</span>;
  return (
    <>
      {lines.map((line, index) => (
        <Line key={`${lines.length - index}-${line.at}`} {...line} />
      ))}
    </>
  );
}

function CopyAll({ lines }: { readonly lines: Lines }) {
  const [copied, setCopied] = useState(false);
  const text = () => lines.map((line) => `${clockSeconds(line.at)} ${line.text}`).join("\n");
  const copy = () => navigator.clipboard?.writeText(text()).then(() => setCopied(true));
  return (
    <Button look="s icon quiet" glyph={copied ? "check" : "copy"} label={copied ? words.desk.copied : words.desk.copy} onClick={copy} />
  );
}

export function Log({ execution }: { readonly execution: string }) {
  const log = useLog(execution);
  const lines = linesOf(log);
  const box = useRef<HTMLDivElement>(null);
  const [following, follow] = useState(true);
  const [read, setRead] = useState(0);
  useEffect(() => void import("./mono.css"), []);
  useEffect(() => {
    if (!following) return;
    setRead(lines.length);
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [following, lines]);
  function scrolled(): void {
    const element = box.current;
    if (element !== null) follow(element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX);
  }
  const fresh = lines.length - read;
  return (
    <>
      <div class="row between head">
        <h2>{words.desk.log}</h2>
        <span class="row">
          {lines.length > 0 && <CopyAll lines={lines} />}
          <button type="button" class="chip" aria-pressed={following} onClick={() => follow(true)}>
            <Icon name="down" />
            {following || fresh <= 0 ? words.desk.following : words.desk.newLines(fresh)}
          </button>
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by keyboard */}
      <div class="log mono grow" ref={box} onScroll={scrolled} role="log" aria-label={words.desk.log} aria-live="off" tabIndex={0}>
        <Body log={log} />
      </div>
    </>
  );
}
