/** The results of one batch, for whoever has the link: a table to search, each row opens in place, and files to take along. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Results, Rows } from "../../guest/rows.ts";
import type { BatchDetail, Format, Task } from "../../net/shapes.ts";
import { useApp } from "../app.ts";
import { EVERYBODYS, fileName, hand } from "../exportmenu.tsx";
import { ended } from "../facts.ts";
import { type Fetched, useFetched } from "../fetched.ts";
import { Button, Mark, SearchField, Waiting } from "../parts.tsx";
import { PAGE, Pages } from "../results.tsx";
import { TaskTable } from "../tasktable.tsx";
import { LightButton } from "../topbar.tsx";
import { failureWords } from "../trouble.ts";
import { words } from "../words.ts";
import { guestWords } from "./words.ts";

/** Whether a row has this anywhere a person would look. */
export function matches(task: Task, query: string): boolean {
  const said = [
    task.title,
    task.state,
    task.reason ?? "",
    task.message ?? "",
    JSON.stringify(task.input),
    JSON.stringify(task.result ?? ""),
  ];
  return said.join("\n").toLowerCase().includes(query.toLowerCase());
}

interface DownloadProps {
  readonly results: Results;
  readonly name: string;
  readonly formats: readonly Format[];
}

function Download({ results, name, formats }: DownloadProps) {
  const [busy, setBusy] = useState<Format>();
  const [trouble, setTrouble] = useState<string>();
  function take(format: Format): void {
    setBusy(format);
    setTrouble(undefined);
    results
      .file(format)
      .then(
        (file) => hand(file, fileName(name, format)),
        (error: unknown) => setTrouble(failureWords(error)),
      )
      .finally(() => setBusy(undefined));
  }
  return (
    <div class="row results-files">
      {trouble !== undefined && <span class="red small">{trouble}</span>}
      {formats.map((format) => (
        <Button
          key={format}
          look="s"
          glyph="save"
          disabled={busy !== undefined}
          title={words.results.formats[format]}
          onClick={() => take(format)}
        >
          {busy === format ? guestWords.results.fetching : words.results.called[format]}
        </Button>
      ))}
    </div>
  );
}

function Head({ name, told, results }: { readonly name: string; readonly told: BatchDetail | undefined; readonly results: Results }) {
  return (
    <header class="results-title">
      <div class="row">
        <Mark />
        <h1 class="title grow">{guestWords.results.of(name)}</h1>
        <LightButton />
      </div>
      <div class="row between">
        <span class="dim">
          {told !== undefined &&
            (ended(told)
              ? words.side.outcome(told.done, told.failed)
              : `${words.batch.of(told.done, told.total)}, ${guestWords.results.goesOn}`)}
        </span>
        <Download results={results} name={name} formats={told?.formats ?? EVERYBODYS} />
      </div>
    </header>
  );
}

function Table({ rows, kind }: { readonly rows: Rows; readonly kind: string | undefined }) {
  const [query, setQuery] = useState("");
  const [from, setFrom] = useState(0);
  const asked = query.trim();
  const found = useMemo(() => (asked === "" ? rows.tasks : rows.tasks.filter((task) => matches(task, asked))), [rows, asked]);
  const page = found.slice(from, from + PAGE);
  return (
    <>
      <section class="row results-find">
        <SearchField
          label={words.results.search}
          value={query}
          onType={(text) => {
            setQuery(text);
            setFrom(0);
          }}
        />
        {rows.cut && <span class="honey small">{guestWords.results.cut(rows.tasks.length)}</span>}
      </section>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls is reached by keyboard */}
      <section class="scroll results-body" tabIndex={0} aria-label={words.results.title}>
        {page.length === 0 ? (
          <div class="nothing centred">
            <b>{asked === "" ? words.results.nothing : words.results.none(asked)}</b>
          </div>
        ) : (
          <TaskTable tasks={page} kind={kind} timed={false} />
        )}
      </section>
      <Pages
        span={page.length > 0 ? words.results.span(from + 1, from + page.length, found.length) : ""}
        back={from === 0 ? undefined : () => setFrom(from - PAGE)}
        on={from + PAGE >= found.length ? undefined : () => setFrom(from + PAGE)}
      />
    </>
  );
}

function Missing({ answer, seen, again }: { readonly answer: Fetched<Rows>; readonly seen: number; readonly again: () => void }) {
  if (answer.state !== "failed") {
    return (
      <section class="results-body">
        <p class="dim small">{seen > 0 && guestWords.results.reading(seen)}</p>
        <Waiting rows={PAGE} height={19} />
      </section>
    );
  }
  return (
    <section class="nothing centred">
      <b>{guestWords.results.failed}</b>
      <p class="dim">{failureWords(answer.error)}</p>
      <Button look="s" onClick={again}>
        {guestWords.results.again}
      </Button>
    </section>
  );
}

export function ResultsPage({ results, name }: { readonly results: Results; readonly name: string | undefined }) {
  const { view } = useApp();
  const [turn, setTurn] = useState(0);
  const [seen, setSeen] = useState(0);
  const told = useFetched(() => results.about(), [turn], true).value;
  const answer = useFetched(() => results.rows(setSeen), [turn], true);
  const called = told?.name ?? name ?? words.results.title;
  const narrow = view.arrangement.value.width === "narrow";
  useEffect(() => {
    document.title = guestWords.results.of(called);
  }, [called]);
  return (
    <main class={narrow ? "results-page narrow" : "results-page"}>
      <div class="panel">
        <div>
          <Head name={called} told={told} results={results} />
          {answer.value === undefined ? (
            <Missing answer={answer} seen={seen} again={() => setTurn(turn + 1)} />
          ) : (
            <Table rows={answer.value} kind={told?.kind} />
          )}
        </div>
      </div>
    </main>
  );
}
