/** Where a text stops being JSON. Browsers say so in words of their own, and some of them leave the place out. */

const SPACE = /[ \t\n\r]*/y;
const TOKEN = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Carries the offset out of the depths of a text. */
class Wrong {
  constructor(readonly at: number) {}
}

function after(text: string, at: number): number {
  SPACE.lastIndex = at;
  return at + (SPACE.exec(text)?.[0].length ?? 0);
}

function token(text: string, at: number): number {
  TOKEN.lastIndex = at;
  const found = TOKEN.exec(text);
  if (found === null) throw new Wrong(at);
  return at + found[0].length;
}

function colon(text: string, at: number): number {
  if (text[at] !== '"') throw new Wrong(at);
  const end = after(text, token(text, at));
  if (text[end] !== ":") throw new Wrong(end);
  return after(text, end + 1);
}

/** Reads the members of an object or the elements of a list, from what follows its opening on; returns what follows its end. */
function several(text: string, from: number, close: "}" | "]"): number {
  let at = after(text, from);
  if (text[at] === close) return at + 1;
  for (;;) {
    at = after(text, value(text, close === "}" ? colon(text, at) : at));
    if (text[at] === close) return at + 1;
    if (text[at] !== ",") throw new Wrong(at);
    at = after(text, at + 1);
  }
}

function value(text: string, at: number): number {
  if (text[at] === "{") return several(text, at + 1, "}");
  return text[at] === "[" ? several(text, at + 1, "]") : token(text, at);
}

/** The offset of the first character that cannot stand there; the text's length where it ends too early. */
export function faultAt(text: string): number | undefined {
  try {
    const end = after(text, value(text, after(text, 0)));
    return end === text.length ? undefined : end;
  } catch (error) {
    if (error instanceof Wrong) return error.at;
    throw error;
  }
}
