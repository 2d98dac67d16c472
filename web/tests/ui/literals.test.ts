/** What people read stands in files of words and nowhere else, so that it can be put into another language in one go. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const SOURCES = join(import.meta.dirname, "../../src");
/** Files that are words: `words.ts`, `batchwords.ts`, `player/keywords.ts`. */
const WORDS = /words\.ts$/;
/** Errors are for whoever mends the page; these lines begin them. */
const FOR_US = /\bthrow |new (Read)?Error\(|new Unreachable\(|refuse\(|gap\(|new Problem\(/;
/** Names of keys and of the protocol's methods are the same in every language. */
const KEYS = /^(Esc|[A-Z?]|POST)$/;
/** Painted in the room, where letters are part of the picture. */
const PAINTED = new Set(["scene/room/displaypaint.ts"]);

function files(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
}

/** The source without its comments, its lines where they were. */
function plain(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " ")).replace(/(^|\s)\/\/.*$/gm, "$1");
}

/** Text between tags, texts of attributes that are read, and sentences in quotation marks. */
function said(source: string, markup: boolean): readonly string[] {
  const found: string[] = [];
  const take = (pattern: RegExp, text: string) => {
    for (const [, one] of text.matchAll(pattern)) if (one !== undefined) found.push(one.trim());
  };
  if (markup) {
    take(/<\/?[A-Za-z][\w.]*(?:\s[^<>]*)?>\s*([^<>{}();=]*[A-Za-z]{2}[^<>{}();=]*)\s*(?=<|\{)/g, source);
    take(/\s(?:title|label|placeholder|alt|aria-label|aria-description)="([^"]*[A-Za-z][^"]*)"/g, source);
  }
  for (const line of source.split("\n")) if (!FOR_US.test(line)) take(/["`]([A-Z][a-z]+(?: [a-z]+)+[^"`]*)["`]/g, line);
  return found.filter((text) => !KEYS.test(text));
}

function stray(): readonly string[] {
  return files(SOURCES)
    .filter((path) => /\.tsx?$/.test(path) && !WORDS.test(path) && !PAINTED.has(relative(SOURCES, path)))
    .flatMap((path) => said(plain(readFileSync(path, "utf8")), path.endsWith("x")).map((text) => `${relative(SOURCES, path)}: ${text}`));
}

describe("words", () => {
  it("stand in files of words and nowhere else", () => {
    expect(stray()).toEqual([]);
  });

  it.each([
    ["<p>Nothing waits</p>", "Nothing waits"],
    ['<p class="dim">\n  Nothing waits\n</p>', "Nothing waits"],
    ["<b>{count} tasks wait</b>".replace("{count}", ""), "tasks wait"],
    ['<input placeholder="Search" />', "Search"],
    ['const title = "Nothing waits here";', "Nothing waits here"],
  ])("are found where they stray: %s", (source, text) => {
    expect(said(plain(source), true)).toContain(text);
  });

  it.each([
    "// Nothing waits here",
    "/** Says 'Nothing waits here' */",
    'throw new Error("Expected a canvas here");',
    '<Button title="Esc">{words.go}</Button>',
    "<p>{words.side.nothing}</p>",
    "const two = a<b && (c) > d;",
  ])("are not where there are none: %s", (source) => {
    expect(said(plain(source), true)).toEqual([]);
  });

  it("are English that a translation can take over whole: no exclamation marks, no jargon", () => {
    const texts = files(SOURCES)
      .filter((path) => WORDS.test(path))
      .flatMap((path) => [...plain(readFileSync(path, "utf8")).matchAll(/"([^"\n]*)"/g)].map(([, text]) => text ?? ""));
    expect(texts.length).toBeGreaterThan(300);
    const jargon = /!|\bjobs?\b|\binstances?\b|\bpool\b|\bp(50|90)\b|\bat worst\b/i;
    expect(texts.filter((text) => jargon.test(text))).toEqual([]);
  });
});
