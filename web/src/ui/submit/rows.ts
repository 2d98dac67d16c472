/** Delimited text as rows of cells (RFC 4180, and what spreadsheets make of it): quotes, line breaks inside them, `,` `;` or tab. */

export type Delimiter = "," | ";" | "\t";
const DELIMITERS: readonly Delimiter[] = [",", ";", "\t"];

/** The first line up to a break that stands outside quotes, without what is inside quotes. */
function bareFirstLine(text: string): string {
  const bare = text.slice(0, 65_536).replace(/"(?:[^"]|"")*"/g, "");
  const end = bare.search(/[\r\n]/);
  return end === -1 ? bare : bare.slice(0, end);
}

/** Whichever separates most in the first line; a comma where nothing does. */
export function guessDelimiter(text: string): Delimiter {
  const line = bareFirstLine(text);
  const scored = DELIMITERS.map((delimiter) => [line.split(delimiter).length, delimiter] as const);
  return scored.reduce((best, next) => (next[0] > best[0] ? next : best))[1];
}

interface Quoted {
  readonly value: string;
  readonly end: number;
  readonly closed: boolean;
}

/** Reads from the character after an opening quote; doubled quotes stand for one. */
function quoted(text: string, start: number): Quoted {
  let value = "";
  let from = start;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return { value: value + text.slice(from), end: text.length, closed: false };
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1, closed: true };
    value += '"';
    from = quote + 2;
  }
}

function plainEnd(text: string, start: number, delimiter: Delimiter): number {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end += 1;
  return end;
}

export interface Row {
  readonly cells: readonly string[];
  /** A quote was opened and never closed: the rest of the file is in one cell. */
  readonly torn: boolean;
}

/** Every row that is not blank, one at a time, so that a large file need not be read in one breath. */
export function* rows(text: string, delimiter: Delimiter): Generator<Row> {
  let at = 0;
  let cells: string[] = [];
  let torn = false;
  while (at < text.length) {
    let cell = "";
    if (text[at] === '"') {
      const read = quoted(text, at + 1);
      [cell, at, torn] = [read.value, read.end, !read.closed];
    }
    const end = plainEnd(text, at, delimiter);
    cells.push(cell + text.slice(at, end));
    at = end + 1;
    if (text[end] === delimiter && at < text.length) continue;
    if (text[end] === delimiter) cells.push("");
    if (text[end] === "\r" && text[at] === "\n") at += 1;
    if (cells.length > 1 || cells[0]?.trim() !== "") yield { cells, torn };
    cells = [];
  }
}
