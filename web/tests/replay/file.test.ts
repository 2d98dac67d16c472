/** Recording files as the server writes them (`tests/contract/recordings`): whole, cut at every byte, every byte flipped, and made up. */
import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { ReadError } from "../../src/net/read.ts";
import { contentsOf, FILE_BYTES_MAX, fileSource, readPlace } from "../../src/replay/file.ts";
import { crc32, FOOTER, HEADER, INDEX, SEGMENT, SEGMENT_BYTES_MAX, unpacked } from "../../src/replay/records.ts";

type Outcome = null | { readonly indexed: boolean; readonly segments: ReadonlyArray<readonly [number, number, boolean]> };

interface Told {
  readonly header: { readonly office: string; readonly view: string; readonly hz: number; readonly start: number };
  readonly indexed: boolean;
  readonly segments: ReadonlyArray<{ readonly start: number; readonly end: number; readonly text: string }>;
  readonly markers: readonly unknown[];
  readonly idle: readonly unknown[];
  readonly outcomes: readonly Outcome[];
  readonly cuts: ReadonlyArray<readonly [number, number]>;
  readonly flips: ReadonlyArray<readonly [number, number]>;
}

const FOLDER = new URL("../../../tests/contract/recordings/", import.meta.url);
const NAMES = ["whole", "figures", "gap", "unfinished"];

function bytesOf(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`${name}.tendesks`, FOLDER)));
}

function told(name: string): Told {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")) as Told;
}

function expand(told: Told, runs: Told["cuts"]): readonly (Outcome | undefined)[] {
  return runs.flatMap(([which, count]) => Array.from({ length: count }, () => told.outcomes[which]));
}

async function readable(bytes: Uint8Array, place: Parameters<typeof readPlace>[1], hz: number): Promise<boolean> {
  try {
    await readPlace(bytes, place, hz);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(ReadError);
    return false;
  }
}

async function outcome(bytes: Uint8Array): Promise<Outcome> {
  try {
    const { indexed, places, header } = await contentsOf(bytes);
    const segments = await Promise.all(
      places.map(async (place) => [place.start, place.end, await readable(bytes, place, header.hz)] as const),
    );
    return { indexed, segments };
  } catch (error) {
    expect(error).toBeInstanceOf(ReadError);
    return null;
  }
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = (copy[at] as number) ^ 0xff;
  return copy;
}

describe.each(NAMES)("the golden file %s", (name) => {
  it("shows what the server reads of it", async () => {
    const known = told(name);
    const source = fileSource(bytesOf(name));
    const about = await source.about();
    expect(about).toMatchObject({ hz: known.header.hz, view: known.header.view, name: known.header.office, live: false });
    expect(about.segments.map(({ n, start, end }) => ({ n, start, end }))).toEqual(
      known.segments.map(({ start, end }, n) => ({ n, start, end })),
    );
    expect(about.markers).toEqual(known.markers);
    expect(about.idle).toEqual(known.idle);
    expect([about.started, about.ended]).toEqual([known.segments[0]?.start, Math.max(...known.segments.map(({ end }) => end))]);
    for (const [n, { text }] of known.segments.entries()) expect(await source.segment(n)).toBe(text);
  });
});

/** Each takes some thousand readings; the others have nothing that these have not. */
describe.each(["whole", "unfinished"])("the golden file %s", (name) => {
  it("cut at any byte, shows what the server reads of it", async () => {
    const known = told(name);
    const bytes = bytesOf(name);
    const found = await Promise.all(Array.from(bytes, (_, length) => outcome(bytes.slice(0, length))));
    expect(found).toEqual(expand(known, known.cuts));
  }, 60_000);

  it("with any byte flipped, shows what the server reads of it", async () => {
    const known = told(name);
    const bytes = bytesOf(name);
    const found = await Promise.all(Array.from(bytes, (_, at) => outcome(flipped(bytes, at))));
    expect(found).toEqual(expand(known, known.flips));
  }, 60_000);
});

const START = 1_764_000_000_000;
const HEAD = { format: "tendesks", version: 1, office: "Northwind", view: "full", hz: 10, start: START };

function record(kind: number, start: number, payload: Uint8Array | string): Uint8Array {
  const body = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  const bytes = new Uint8Array(17 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, kind);
  view.setUint32(1, body.length);
  view.setFloat64(5, start);
  view.setUint32(13, crc32(bytes.subarray(0, 13), body));
  bytes.set(body, 17);
  return bytes;
}

function file(...records: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(records.flatMap((each) => [...each]));
}

function packed(text: string): Uint8Array {
  return new Uint8Array(deflateSync(text));
}

const KEYFRAME = JSON.parse((told("whole").segments[0]?.text ?? "").split("\n")[0] ?? "") as Record<string, unknown>;

function segmentOf(...frames: readonly unknown[]): Uint8Array {
  return record(SEGMENT, START, packed(`${frames.map((frame) => JSON.stringify(frame)).join("\n")}\n`));
}

async function firstSegment(...frames: readonly unknown[]): Promise<string> {
  return fileSource(file(record(HEADER, START, JSON.stringify(HEAD)), segmentOf(...frames))).segment(0);
}

const first = { ...KEYFRAME, now: START, seq: 4, tick: 7 };
const diff = { type: "diff", seq: 5, tick: 8, patch: { queue: { waiting: 3 } } };

describe("a file that somebody made up", () => {
  it("is read where it is sound", async () => {
    expect((await firstSegment(first, diff)).split("\n")).toHaveLength(3);
  });

  it.each([
    ["no keyframe", [diff]],
    ["a number left out", [first, { ...diff, seq: 6 }]],
    ["a tick that goes back", [first, { ...diff, tick: 6 }]],
    ["another moment than its record", [{ ...first, now: START + 1 }]],
    ["a fraction", [first, { ...diff, patch: { queue: { waiting: 1.5 } } }]],
    ["true", [first, { ...diff, patch: { queue: { waiting: true } } }]],
    ["a list of objects", [first, { ...diff, patch: { desks: { 0: { path: [{}] } } } }]],
    ["no desk 0", [first, { ...diff, patch: { desks: { 0: null } } }]],
    ["a desk that does something else", [first, { ...diff, patch: { desks: { 0: { activity: "dancing" } } } }]],
    ["no office at all", [{ ...first, state: {} }]],
    ["deep nests", [first, { ...diff, patch: { a: { b: { c: { d: { e: { f: { g: { h: { i: 1 } } } } } } } } } }]],
    ["a diff that is none", [first, 7]],
  ])("is refused for %s", async (_, frames) => {
    await expect(firstSegment(...frames)).rejects.toBeInstanceOf(ReadError);
  });

  it("cannot reach the prototype of anything", async () => {
    const hostile = JSON.parse('{"type":"diff","seq":5,"tick":8,"patch":{"__proto__":{"polluted":1}}}') as unknown;
    await firstSegment(first, hostile);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("cannot make the page unpack more than a segment", async () => {
    const bomb = record(SEGMENT, START, new Uint8Array(deflateSync(Buffer.alloc(64 * 1024 * 1024))));
    const source = fileSource(file(record(HEADER, START, JSON.stringify(HEAD)), bomb));
    await expect(source.segment(0)).rejects.toThrow(`at most ${SEGMENT_BYTES_MAX} bytes`);
    await expect(unpacked(packed("a".repeat(99)), 10)).rejects.toBeInstanceOf(ReadError);
  });

  it.each([
    ["a version to come", { ...HEAD, version: 2 }],
    ["no view of ours", { ...HEAD, view: "all" }],
    ["no ticks", { ...HEAD, hz: 0 }],
    ["a moment without a date", { ...HEAD, start: 2 ** 53 }],
    ["a name that is none", { ...HEAD, office: 7 }],
    ["nothing", null],
  ])("is refused for %s in its header", async (_, header) => {
    await expect(fileSource(record(HEADER, START, JSON.stringify(header))).about()).rejects.toBeInstanceOf(ReadError);
  });

  it("cannot lead astray by its index", async () => {
    const head = record(HEADER, START, JSON.stringify(HEAD));
    const segment = segmentOf(first, diff);
    const forged = [
      { segments: [[head.length, START, START + 9, 5]] },
      { segments: [[2, START, START + 9, segment.length - 17]] },
      { segments: [[head.length, START, START - 9, segment.length - 17]] },
      { segments: [[head.length, START, START + 9, 1e12]] },
      { segments: Array.from({ length: 20_001 }, () => [0, 0, 0, 0]) },
      { markers: [{ kind: "failed" }] },
      { idle: [[1, 2, 3]] },
    ];
    for (const wrong of forged) {
      const index = record(INDEX, START + 9, packed(JSON.stringify({ header: HEAD, segments: [], markers: [], idle: [], ...wrong })));
      const at = new Uint8Array(8);
      new DataView(at.buffer).setBigUint64(0, BigInt(head.length + segment.length));
      const bytes = file(head, segment, index, record(FOOTER, START + 9, at));
      const { indexed, segments } = (await outcome(bytes)) ?? { indexed: true, segments: [] };
      expect(indexed ? segments.map(([, , ok]) => ok) : segments).toEqual(indexed ? [false] : [[START, START + 9, true]]);
    }
  });

  it("of nothing, or of too much, is refused", async () => {
    await expect(fileSource(new Uint8Array()).about()).rejects.toBeInstanceOf(ReadError);
    await expect(fileSource(new Uint8Array(FILE_BYTES_MAX + 1)).about()).rejects.toThrow("expected a file of at most");
    await expect(fileSource(bytesOf("whole")).segment(99)).rejects.toBeInstanceOf(ReadError);
  });
});
