/** A field for a template: its placeholders are tinted, and a column that is pressed goes where the writing is. */
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useApp } from "../app.ts";
import { words } from "../words.ts";
import { Limits } from "./limits.tsx";
import { pieces } from "./template.ts";

const CHIPS_MAX = 8;

type Field = HTMLInputElement | HTMLTextAreaElement;

/** Where a pressed column is written. */
interface Slot {
  readonly element: Field | null;
  readonly value: string;
  readonly take: (value: string) => void;
}

export interface Slots {
  current: Slot | null;
}

export function useSlots(): Slots {
  return useRef<Slot | null>(null);
}

/** The field's text once more beneath it, unseen but for the tint behind each placeholder. */
function Tint({ text, columns }: { readonly text: string; readonly columns: readonly string[] }) {
  return (
    <div class="tint mono">
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

export interface TemplateFieldProps {
  readonly value: string;
  readonly take: (value: string) => void;
  readonly label: string;
  readonly example: string;
  readonly slots: Slots;
  /** Lines of text; one line is a field that does not wrap. */
  readonly rows?: number;
  /** Columns go here until another field is entered. */
  readonly first?: boolean;
}

export function TemplateField({ value, take, label, example, slots, rows = 1, first = false }: TemplateFieldProps) {
  const { draft } = useApp();
  const field = useRef<Field>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const here = () => {
    slots.current = { element: field.current, value, take };
  };
  useEffect(() => {
    if ((first && slots.current === null) || slots.current?.element === field.current) here();
  });
  const shared = {
    value,
    placeholder: example,
    "aria-label": label,
    spellcheck: rows > 1,
    autocomplete: "off" as const,
    autocapitalize: "off" as const,
    class: "mono",
    onFocus: here,
    onInput: (event: { readonly currentTarget: Field }) => take(event.currentTarget.value),
    onScroll: (event: { readonly currentTarget: Field }) =>
      mirror.current?.scrollTo({ left: event.currentTarget.scrollLeft, top: event.currentTarget.scrollTop }),
  };
  return (
    <div class={rows > 1 ? "field template tall" : "field template command"}>
      <div class="mirror" ref={mirror} aria-hidden="true">
        <Tint text={value} columns={draft.table.value?.columns ?? []} />
      </div>
      {rows > 1 ? (
        <textarea {...shared} ref={field as RefObject<HTMLTextAreaElement>} rows={rows} />
      ) : (
        <input {...shared} ref={field as RefObject<HTMLInputElement>} />
      )}
    </div>
  );
}

function insertInto(slot: Slot, placeholder: string): void {
  const { element, value, take } = slot;
  const at = element?.selectionStart ?? value.length;
  take(value.slice(0, at) + placeholder + value.slice(element?.selectionEnd ?? at));
  element?.focus();
  requestAnimationFrame(() => element?.setSelectionRange(at + placeholder.length, at + placeholder.length));
}

/** The list's columns to press, and beside them how often and how long each task is tried. */
export function Inserts({ slots, attempts }: { readonly slots?: Slots; readonly attempts: number }) {
  const { draft } = useApp();
  const columns = slots === undefined ? [] : (draft.table.value?.columns ?? []);
  function insert(name: string): void {
    const slot = slots?.current;
    if (slot !== undefined && slot !== null) insertInto(slot, `{${name}}`);
  }
  return (
    <div class="row inserts">
      {columns.length > 0 && <span class="dim small">{words.submit.insert}</span>}
      {columns.slice(0, CHIPS_MAX).map((name) => (
        <button key={name} type="button" class="chip teal mono" onClick={() => insert(name)}>
          {`{${name}}`}
        </button>
      ))}
      <span class="grow" />
      <Limits attempts={attempts} />
    </div>
  );
}
