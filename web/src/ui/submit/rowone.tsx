/** What becomes of row 1, so that a template is seen at work before anything starts. */
import type { ComponentChildren } from "preact";
import { useApp } from "../app.ts";
import { words } from "../words.ts";
import type { Row, Shown } from "./template.ts";

/** The first row by column; nothing while there is no list. */
export function useRowOne(): Row | undefined {
  const { draft } = useApp();
  const table = draft.table.value;
  const cells = table?.rows[0];
  if (table === undefined || cells === undefined) return undefined;
  return Object.fromEntries(table.columns.map((name, index) => [name, cells[index] ?? ""]));
}

/** What came from the row stands out. */
export function Filled({ parts }: { readonly parts: readonly Shown[] }) {
  return <>{parts.map((part, index) => (part.filled ? <b key={index}>{part.text}</b> : <span key={index}>{part.text}</span>))}</>;
}

export function RowOne({ label = words.submit.rowBecomes, children }: { readonly label?: string; readonly children: ComponentChildren }) {
  return (
    <div class="row-one">
      <div class="dim small">{label}</div>
      {children}
    </div>
  );
}
