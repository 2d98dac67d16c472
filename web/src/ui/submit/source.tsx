/** Part one of adding tasks: a file dropped or chosen, or lines pasted, and the first rows as they were understood. */
import { useEffect, useRef } from "preact/hooks";
import { useApp } from "../app.ts";
import { Button, Icon } from "../parts.tsx";
import { words } from "../words.ts";
import type { Source } from "./draft.ts";
import type { Table } from "./table.ts";

const PREVIEW = 4;
const COLUMNS_SHOWN = 6;

/** A hidden field for files, and what opens it; what was chosen is shown where tasks are added. */
export function useFilePicker() {
  const { draft, view } = useApp();
  const field = useRef<HTMLInputElement>(null);
  const element = (
    <input
      ref={field}
      type="file"
      hidden
      accept=".csv,.tsv,.txt,.ndjson,.jsonl,text/*"
      onChange={(event) => {
        const file = event.currentTarget.files?.[0];
        if (file !== undefined) {
          void draft.takeFile(file);
          view.open({ kind: "add" });
        }
        event.currentTarget.value = "";
      }}
    />
  );
  return { element, choose: () => field.current?.click() };
}

export function DropHere({ onPaste }: { readonly onPaste: () => void }) {
  const picker = useFilePicker();
  return (
    <div class="drop">
      {picker.element}
      <Tray />
      <b class="drop-title">{words.submit.drop}</b>
      <div class="dim">{words.hello.or}</div>
      <div class="row centred-row">
        <Button look="primary big" glyph="file" onClick={picker.choose}>
          {words.hello.choose}
        </Button>
        <Button look="big" onClick={onPaste}>
          {words.hello.paste}
        </Button>
      </div>
    </div>
  );
}

function Tray() {
  return (
    <svg class="tray" viewBox="0 0 72 52" fill="none" aria-hidden="true">
      <path d="M6 30h16l4 7h20l4-7h16v12a6 6 0 0 1-6 6H12a6 6 0 0 1-6-6z" fill="var(--honey)" />
      <path d="M6 30l8-16h8M66 30l-8-16h-8" stroke="var(--honey-ink)" stroke-width="2.5" stroke-linejoin="round" stroke-linecap="round" />
      <rect x="24" y="3" width="24" height="29" rx="3" fill="var(--raised)" stroke="var(--line-strong)" stroke-width="1.5" />
      <path d="M29 11h14M29 17h14M29 23h9" stroke="var(--teal)" stroke-width="2.2" stroke-linecap="round" />
    </svg>
  );
}

function Pasting() {
  const { draft } = useApp();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <textarea
      class="paste mono"
      rows={8}
      placeholder={words.submit.pasteHere}
      aria-label={words.submit.pasteHere}
      ref={field}
      onInput={(event) => void draft.typing(event.currentTarget.value)}
      onBlur={draft.typed}
      onPaste={(event) => {
        const text = event.clipboardData?.getData("text/plain") ?? "";
        if (event.currentTarget.value !== "" || !text.includes("\n")) return;
        event.preventDefault();
        void draft.takeText(text);
      }}
    />
  );
}

function shapeWords(table: Table, title: string | undefined): string {
  if (table.form === "lines") return words.submit.lines(table.rows.length);
  const at = title === undefined ? -1 : table.columns.indexOf(title);
  const empty = at < 0 ? 0 : table.rows.reduce((sum, cells) => sum + ((cells[at] ?? "").trim() === "" ? 1 : 0), 0);
  const titles = at < 0 ? "" : `, ${words.submit.emptyTitles(empty, title ?? "")}`;
  return words.submit.shape(table.rows.length, table.columns.length) + titles;
}

function FileHead({ source, table }: { readonly source: Source; readonly table: Table }) {
  const { draft } = useApp();
  const picker = useFilePicker();
  const other = table.form === "lines" ? "table" : "lines";
  return (
    <div class="row file-head">
      {picker.element}
      <Icon name="file" />
      <b class="clip">{source.name ?? words.submit.pasted}</b>
      <span class="dim grow clip">{shapeWords(table, draft.title.value)}</span>
      {source.name === undefined && (
        <button type="button" class="link small" onClick={() => void draft.reform(other)}>
          {other === "table" ? words.submit.asTable : words.submit.asLines}
        </button>
      )}
      <button type="button" class="link small" onClick={source.name === undefined ? draft.paste : picker.choose}>
        {source.name === undefined ? words.hello.paste : words.submit.change}
      </button>
    </div>
  );
}

function Head({ table }: { readonly table: Table }) {
  const { draft } = useApp();
  const title = draft.title.value;
  return (
    <tr>
      {table.columns.slice(0, COLUMNS_SHOWN).map((name) => (
        <th key={name}>
          {name === title && <span class="chip teal tiny">{words.submit.titleColumn}</span>}{" "}
          <button
            type="button"
            class="bare"
            title={words.submit.makeTitle(name)}
            aria-pressed={name === title}
            onClick={() => {
              draft.title.value = name;
            }}
          >
            {name}
          </button>
        </th>
      ))}
    </tr>
  );
}

function Preview({ table }: { readonly table: Table }) {
  const { draft } = useApp();
  const title = table.columns.indexOf(draft.title.value ?? "");
  const more = table.rows.length - PREVIEW;
  return (
    <>
      <div class="preview">
        <table>
          {table.form !== "lines" && (
            <thead>
              <Head table={table} />
            </thead>
          )}
          <tbody>
            {table.rows.slice(0, PREVIEW).map((cells, row) => (
              <tr key={row}>
                {table.columns.slice(0, COLUMNS_SHOWN).map((name, column) => (
                  <td key={name} class={column === title ? "" : "dim"}>
                    {cells[column] || <span class="dim3">{words.submit.empty}</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more > 0 && <div class="dim3 small more-rows">{words.submit.andMore(more)}</div>}
    </>
  );
}

function Problems({ table }: { readonly table: Table }) {
  const rest = table.wrong - table.problems.length;
  return (
    <ul class="problems small red" role="alert">
      {table.problems.map((problem) => (
        <li key={problem} class="row">
          <Icon name="bang" />
          {problem}
        </li>
      ))}
      {rest > 0 && <li>{words.submit.moreProblems(rest)}</li>}
    </ul>
  );
}

export function SourcePart() {
  const { draft } = useApp();
  const [step, source, table] = [draft.step.value, draft.source.value, draft.table.value];
  if (step.at === "empty" || step.at === "unreadable") {
    return (
      <>
        <DropHere onPaste={draft.paste} />
        {step.at === "unreadable" && <p class="red small under">{words.submit.unreadable}</p>}
      </>
    );
  }
  if (step.at === "pasting") return <Pasting />;
  if (step.at === "reading" || source === undefined || table === undefined) {
    return <p class="card dim">{words.submit.reading(step.at === "reading" ? step.rows : 0)}</p>;
  }
  return (
    <>
      <div class={table.wrong > 0 ? "card file wrong" : "card file"}>
        <FileHead source={source} table={table} />
        <Preview table={table} />
      </div>
      {table.wrong > 0 && <Problems table={table} />}
    </>
  );
}
