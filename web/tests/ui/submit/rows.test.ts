import { describe, expect, it } from "vitest";
import { type Delimiter, guessDelimiter, rows } from "../../../src/ui/submit/rows.ts";
import { chance } from "../../random.ts";

function cells(text: string, delimiter: Delimiter = ","): readonly (readonly string[])[] {
  return [...rows(text, delimiter)].map((row) => row.cells);
}

describe("rows", () => {
  it.each<[string, string, readonly (readonly string[])[]]>([
    [
      "plain cells",
      "a,b\nc,d",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["a last line break", "a,b\n", [["a", "b"]]],
    [
      "Windows line breaks",
      "a,b\r\nc,d\r\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "old Mac line breaks",
      "a,b\rc,d",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["quoted commas", '"a,b",c', [["a,b", "c"]]],
    ["doubled quotes", '"say ""hi""",c', [['say "hi"', "c"]]],
    [
      "line breaks in quotes",
      '"a\nb",c\nd,e',
      [
        ["a\nb", "c"],
        ["d", "e"],
      ],
    ],
    [
      "empty cells",
      "a,,c\n,,",
      [
        ["a", "", "c"],
        ["", "", ""],
      ],
    ],
    ["an empty last cell", "a,b,\n", [["a", "b", ""]]],
    ["an empty last cell at the end", "a,", [["a", ""]]],
    [
      "blank lines",
      "a,b\n\n   \nc,d",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["an empty quoted cell", '"",b', [["", "b"]]],
    ["nothing", "", []],
  ])("reads %s", (_what, text, expected) => {
    expect(cells(text)).toEqual(expected);
  });

  it("says when a quote is never closed", () => {
    expect([...rows('a,b\n"c,d\ne', ",")].map((row) => row.torn)).toEqual([false, true]);
  });

  it("reads back whatever was written by the rules (2,000 tables, seed 3)", () => {
    const dice = chance(3);
    const cell = () => Array.from({ length: dice.below(6) }, () => dice.pick(["a", "b", " ", '"', ",", "\n", "\r\n", "é"])).join("");
    for (let round = 0; round < 2_000; round += 1) {
      const width = 2 + dice.below(3);
      const table = Array.from({ length: 1 + dice.below(4) }, () => Array.from({ length: width }, cell));
      const text = table.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(",")).join("\n");
      expect(cells(text), `round ${round}`).toEqual(table);
    }
  });
});

describe("guessDelimiter", () => {
  it.each<[string, Delimiter]>([
    ["a,b,c\n1;2", ","],
    ["a;b;c\n1,5;2", ";"],
    ["a\tb\n1\t2", "\t"],
    ['"a,b,c";d\n', ";"],
    ["alone", ","],
  ])("of %j is %j", (text, delimiter) => {
    expect(guessDelimiter(text)).toBe(delimiter);
  });
});
