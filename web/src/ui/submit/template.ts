/** Templates with `{field}` placeholders, as the server reads them: which fields they name, and what one row makes of them. */

/** A piece of a template: text as it is, or a field of the row. `{{` and `}}` are braces; a brace alone is a mistake. */
export type Piece = { readonly text: string; readonly lone?: true } | { readonly field: string };

export type Row = Readonly<Record<string, string>>;

export function pieces(template: string): readonly Piece[] {
  return [...template.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[^{}]+|[{}]/g)].map(([whole, field]) => {
    if (field !== undefined) return { field };
    if (whole === "{" || whole === "}") return { text: whole, lone: true };
    return { text: whole === "{{" || whole === "}}" ? whole.slice(1) : whole };
  });
}

/** Whether a brace stands alone, which the server refuses: it may be a field that was never closed. */
export function hasLoneBrace(templates: readonly string[]): boolean {
  return templates.some((template) => pieces(template).some((piece) => "lone" in piece));
}

export function fieldsOf(templates: readonly string[]): readonly string[] {
  const names = templates.flatMap((template) => pieces(template).flatMap((piece) => ("field" in piece ? [piece.field] : [])));
  return [...new Set(names)];
}

/** Text to show, and whether it came from the row. */
export interface Shown {
  readonly text: string;
  readonly filled: boolean;
}

/** The template of one row, with the row's values marked. */
export function filledText(template: string, row: Row): readonly Shown[] {
  return pieces(template).map((piece) =>
    "field" in piece ? { text: row[piece.field] ?? "", filled: true } : { text: piece.text, filled: false },
  );
}

/** A value as it stands in an address: all but letters, digits and `_.-~` is percent-encoded. */
function encoded(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The address of one row. Only in its path and query are values encoded; a host may come from the list as it is. */
export function filledAddress(template: string, row: Row): readonly Shown[] {
  const head = template.match(/^[^/?#]*:\/\/[^/?#]*|^[^/?#]*/)?.[0] ?? "";
  const tail = filledText(template.slice(head.length), row);
  return [...filledText(head, row), ...tail.map((part) => (part.filled ? { ...part, text: encoded(part.text) } : part))];
}
