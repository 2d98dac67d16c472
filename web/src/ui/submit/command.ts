/** A command as one line of text: split into arguments as a shell would split it, `{field}` filled per row, and no shell anywhere. */

import { filledText, type Row, type Shown } from "./template.ts";

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

/** The command of one row as a person would type it, with the row's values marked. */
export function filled(argv: readonly string[], row: Row): readonly Shown[] {
  return argv.flatMap((argument, index) => {
    const parts = filledText(argument, row);
    const whole = parts.map((part) => part.text).join("");
    const mark = /[\s"'\\]/.test(whole) || whole === "" ? [{ text: whole.includes('"') ? "'" : '"', filled: false }] : [];
    const gap = index === 0 ? [] : [{ text: " ", filled: false }];
    return [...gap, ...mark, ...parts, ...mark];
  });
}
