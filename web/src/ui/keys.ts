/** Which key does what, as one table: what it does on the page and how the list of keys shows it come from the same place. */
export type Deed =
  | { readonly do: "desk"; readonly desk: number }
  | {
      readonly do:
        | "previous"
        | "next"
        | "upstairs"
        | "batches"
        | "add"
        | "share"
        | "trouble"
        | "follow"
        | "overview"
        | "nearer"
        | "farther"
        | "left"
        | "right"
        | "home"
        | "search"
        | "list"
        | "replay"
        | "theme"
        | "wall"
        | "keys"
        | "back";
    };

export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

type Plain = Exclude<Deed["do"], "desk">;

const PLAIN: Readonly<Record<string, Plain>> = {
  arrowleft: "previous",
  arrowright: "next",
  u: "upstairs",
  b: "batches",
  n: "add",
  s: "share",
  x: "trouble",
  f: "follow",
  o: "overview",
  "+": "nearer",
  "=": "nearer",
  "-": "farther",
  q: "left",
  e: "right",
  h: "home",
  "/": "search",
  l: "list",
  r: "replay",
  d: "theme",
  w: "wall",
  "?": "keys",
  escape: "back",
};

/** The rows of the list of keys, in the order people learn them; the words for each deed are in `words.ts`. */
export const SHOWN: ReadonlyArray<readonly [readonly string[], "desk" | Plain]> = [
  [["1", "…", "9", "0"], "desk"],
  [["←", "→"], "next"],
  [["U"], "upstairs"],
  [["B"], "batches"],
  [["N"], "add"],
  [["S"], "share"],
  [["X"], "trouble"],
  [["F"], "follow"],
  [["O"], "overview"],
  [["+", "−"], "nearer"],
  [["Q", "E"], "left"],
  [["H"], "home"],
  [["/"], "search"],
  [["L"], "list"],
  [["R"], "replay"],
  [["D"], "theme"],
  [["W"], "wall"],
  [["?"], "keys"],
  [["Esc"], "back"],
];

/** Keys that lead to changing something: not for those who only look. */
export const ACTS: ReadonlySet<"desk" | Plain> = new Set(["add", "share"]);

/**
 * What a press means, if anything.
 * @param inField single keys rest while a field has focus; Esc still leaves it
 * @param single whether single keys are on at all
 */
export function deedOf(press: Press, inField: boolean, single: boolean): Deed | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey) return undefined;
  const key = press.key.toLowerCase();
  if (key === "escape") return { do: "back" };
  if (inField || !single) return undefined;
  if (/^\d$/.test(key)) return { do: "desk", desk: (Number(key) + 9) % 10 };
  const plain = Object.hasOwn(PLAIN, key) ? PLAIN[key] : undefined;
  return plain === undefined ? undefined : { do: plain };
}

/** The key cap of a desk: desk 0 is "1", desk 9 is "0". */
export function keyOf(desk: number): string {
  return String((desk + 1) % 10);
}
