/** Part two of adding tasks: what to do with each row. A command with `{field}` placeholders, or a demo that only waits. */
import { useRef } from "preact/hooks";
import type { IconName } from "../../icons.ts";
import { useApp } from "../app.ts";
import { Icon } from "../parts.tsx";
import { words } from "../words.ts";
import { filled, pieces, split } from "./command.ts";
import type { Table } from "./table.ts";

/** The kinds this page has a form for. */
export const KINDS: ReadonlyArray<readonly [string, IconName]> = [
  ["command", "command"],
  ["demo", "demo"],
];

export function KindChoice({ offered }: { readonly offered: readonly string[] }) {
  const { draft } = useApp();
  return (
    <fieldset class="kinds row" aria-label={words.submit.part2}>
      {KINDS.filter(([kind]) => offered.includes(kind)).map(([kind, glyph]) => (
        <button
          key={kind}
          type="button"
          class={draft.kind.value === kind ? "kind on" : "kind"}
          aria-pressed={draft.kind.value === kind}
          onClick={() => {
            draft.kind.value = kind;
          }}
        >
          <Icon name={glyph} />
          {words.submit.kinds[kind] ?? kind}
        </button>
      ))}
    </fieldset>
  );
}

/** The field's text once more beneath it, unseen but for the tint behind each placeholder. */
function Tint({ text, columns }: { readonly text: string; readonly columns: readonly string[] }) {
  return (
    <div class="tint mono" aria-hidden="true">
      {text.split(/(\{[^{}]+\})/).map((part, index) => {
        const piece = part.startsWith("{") ? pieces(part)[0] : undefined;
        const known = piece !== undefined && "field" in piece && columns.includes(piece.field);
        return (
          <span key={`${index}-${part}`} class={known ? "known" : ""}>
            {part}
          </span>
        );
      })}
    </div>
  );
}

function rowOf(table: Table | undefined): Readonly<Record<string, string>> {
  const cells = table?.rows[0] ?? [];
  return Object.fromEntries((table?.columns ?? []).map((name, index) => [name, cells[index] ?? ""]));
}

function RowOne({ command, table }: { readonly command: string; readonly table: Table | undefined }) {
  const { argv } = split(command);
  if (argv.length === 0 || table === undefined || table.rows.length === 0) return null;
  return (
    <div class="row-one">
      <div class="dim small">{words.submit.rowBecomes}</div>
      <div class="mono clip">
        {filled(argv, rowOf(table)).map((part, index) =>
          part.filled ? <b key={index}>{part.text}</b> : <span key={index}>{part.text}</span>,
        )}
      </div>
    </div>
  );
}

export function CommandForm() {
  const { draft } = useApp();
  const field = useRef<HTMLInputElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const table = draft.table.value;
  const columns = table?.columns ?? [];
  const command = draft.command.value;
  function insert(name: string): void {
    const element = field.current;
    const at = element?.selectionStart ?? command.length;
    const placeholder = `{${name}}`;
    draft.command.value = command.slice(0, at) + placeholder + command.slice(element?.selectionEnd ?? at);
    element?.focus();
    requestAnimationFrame(() => element?.setSelectionRange(at + placeholder.length, at + placeholder.length));
  }
  return (
    <>
      <div class="field command">
        <div class="mirror" ref={mirror}>
          <Tint text={command} columns={columns} />
        </div>
        <input
          ref={field}
          class="mono"
          value={command}
          placeholder={words.submit.commandExample}
          aria-label={words.submit.commandLabel}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          onInput={(event) => {
            draft.command.value = event.currentTarget.value;
          }}
          onScroll={(event) => mirror.current?.scrollTo({ left: event.currentTarget.scrollLeft })}
        />
      </div>
      <div class="row inserts">
        {columns.length > 0 && <span class="dim small">{words.submit.insert}</span>}
        {columns.slice(0, 8).map((name) => (
          <button key={name} type="button" class="chip teal mono" onClick={() => insert(name)}>
            {`{${name}}`}
          </button>
        ))}
        <span class="grow" />
        <span class="dim small">{words.submit.once}</span>
      </div>
      <RowOne command={command} table={table} />
    </>
  );
}

function Figure({ label, value, most, take }: { label: string; value: number; most: number; take: (value: number) => void }) {
  return (
    <label class="figure">
      <span class="dim small">{label}</span>
      <span class="field">
        <input type="number" min={0} max={most} value={value} onInput={(event) => take(event.currentTarget.valueAsNumber || 0)} />
      </span>
    </label>
  );
}

export function DemoForm() {
  const { draft } = useApp();
  const [least, most] = draft.seconds.value;
  return (
    <>
      <div class="row figures">
        <Figure
          label={words.submit.seconds}
          value={least}
          most={3_600}
          take={(value) => {
            draft.seconds.value = [value, most];
          }}
        />
        <Figure
          label={words.submit.to}
          value={most}
          most={3_600}
          take={(value) => {
            draft.seconds.value = [least, value];
          }}
        />
        <Figure
          label={words.submit.failShare}
          value={draft.fails.value}
          most={100}
          take={(value) => {
            draft.fails.value = Math.min(Math.max(value, 0), 100);
          }}
        />
      </div>
      <p class="small honey under">{words.submit.demoNote}</p>
    </>
  );
}
