/** A command as one line of text: split into arguments as a shell would split it, `{field}` filled per row, and no shell anywhere. */

export interface Split {
  readonly argv: readonly string[];
  /** The quote that was opened and never closed. */
  readonly open?: '"' | "'";
}

const WORD = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(\s+)|(['"])|\\/gsy;

function unescaped(text: string): string {
  return text.replace(/\\(["\\$`])/g, "$1");
}

/** Single quotes keep everything, double quotes know `\"` and `\\`, a backslash keeps the next character. */
export function split(line: string): Split {
  const argv: string[] = [];
  let word: string | undefined;
  for (const match of line.matchAll(WORD)) {
    const [whole, single, double, escaped, bare, space, quote] = match;
    if (quote === '"' || quote === "'") return { argv: [...argv, ...(word === undefined ? [] : [word])], open: quote };
    if (space !== undefined) {
      if (word !== undefined) argv.push(word);
      word = undefined;
    } else word = (word ?? "") + (single ?? (double === undefined ? undefined : unescaped(double)) ?? escaped ?? bare ?? whole);
  }
  if (word !== undefined) argv.push(word);
  return { argv };
}

/** A piece of a template: text as it is, or a field of the row. `{{` and `}}` are braces; a brace alone is a mistake. */
export type Piece = { readonly text: string; readonly lone?: true } | { readonly field: string };

export function pieces(template: string): readonly Piece[] {
  return [...template.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[^{}]+|[{}]/g)].map(([whole, field]) => {
    if (field !== undefined) return { field };
    if (whole === "{" || whole === "}") return { text: whole, lone: true };
    return { text: whole === "{{" || whole === "}}" ? whole.slice(1) : whole };
  });
}

/** Whether a brace stands alone, which the server refuses: it may be a field that was never closed. */
export function hasLoneBrace(argv: readonly string[]): boolean {
  return argv.some((argument) => pieces(argument).some((piece) => "lone" in piece));
}

export function fieldsOf(argv: readonly string[]): readonly string[] {
  const names = argv.flatMap((argument) => pieces(argument).flatMap((piece) => ("field" in piece ? [piece.field] : [])));
  return [...new Set(names)];
}

/** Text to show, and whether it came from the row. */
export interface Shown {
  readonly text: string;
  readonly filled: boolean;
}

/** The command of one row as a person would type it, with the row's values marked. */
export function filled(argv: readonly string[], row: Readonly<Record<string, string>>): readonly Shown[] {
  return argv.flatMap((argument, index) => {
    const parts = pieces(argument).map((piece) =>
      "field" in piece ? { text: row[piece.field] ?? "", filled: true } : { text: piece.text, filled: false },
    );
    const whole = parts.map((part) => part.text).join("");
    const mark = /[\s"'\\]/.test(whole) || whole === "" ? [{ text: whole.includes('"') ? "'" : '"', filled: false }] : [];
    const gap = index === 0 ? [] : [{ text: " ", filled: false }];
    return [...gap, ...mark, ...parts, ...mark];
  });
}
