/**
 * A recording file as a `Source`: read in the browser, without a server. Whatever was cut off or flipped, what it shows is
 * what was recorded, or it says so: the twin of `server/recording/file.py`, held to it by the files in `tests/contract`.
 */
import type { View } from "../net/protocol.ts";
import { list, oneOf, ReadError, text } from "../net/read.ts";
import type { Marker, Piece, Recorded, Source, Stretch } from "./contract.ts";
import { type Checked, checkPlain, checkSegment, count, json } from "./plain.ts";
import {
  decoded,
  FOOTER,
  GAP,
  HEAD_BYTES,
  HEADER,
  INDEX,
  INDEX_BYTES_MAX,
  type Rec,
  recordAt,
  recordsOf,
  SEGMENT,
  SEGMENT_BYTES_MAX,
  unpacked,
  wholeAt,
} from "./records.ts";

/** As large as a server takes them in. */
export const FILE_BYTES_MAX = 64 * 1024 * 1024;
const SEGMENTS_MAX = 20_000;
const HZ_MAX = 1_000;
/** The last moment that a date of this language has. */
const MOMENT_MAX = 8_640_000_000_000_000;
const VIEWS = ["full", "titles", "batches", "figures"] as const;
/** Records that say, by their start, up to when the segment directly before them is true. */
const ENDS: ReadonlySet<number> = new Set([SEGMENT, GAP, INDEX]);

interface Header {
  readonly office: string;
  readonly view: View;
  readonly hz: number;
  readonly start: number;
}

interface Place {
  readonly offset: number;
  readonly start: number;
  readonly end: number;
  readonly bytes: number;
}

export interface Contents {
  readonly header: Header;
  /** Whether the index was whole; if not, segments were found by reading the file through, and nothing is marked. */
  readonly indexed: boolean;
  readonly places: readonly Place[];
  readonly markers: readonly Marker[];
  readonly idle: readonly Stretch[];
}

function moment(value: unknown, where: string): number {
  const found = count(value, where);
  if (found > MOMENT_MAX) throw new ReadError(`${where}: expected a moment that has a date, got a later one`);
  return found;
}

function headerOf(value: unknown): Header {
  const fields = checkPlain(value, "header");
  if (fields["format"] !== "tendesks" || fields["version"] !== 1)
    throw new ReadError("expected a recording of version 1, got something else");
  const hz = count(fields["hz"], "header.hz");
  if (hz < 1 || hz > HZ_MAX) throw new ReadError(`expected 1 to ${HZ_MAX} ticks a second, got ${hz}`);
  return {
    office: text(fields["office"], "header.office"),
    view: oneOf(fields["view"], VIEWS, "header.view"),
    hz,
    start: moment(fields["start"], "header.start"),
  };
}

function row(value: unknown, width: number, where: string): readonly number[] {
  const found = list(value, where);
  if (found.length !== width) throw new ReadError(`${where}: expected ${width} numbers, got ${found.length}`);
  return found.map((each) => count(each, where));
}

function placeOf(value: unknown): Place {
  const [offset, start, end, bytes] = row(value, 4, "segments") as [number, number, number, number];
  if (end < start) throw new ReadError("expected segments that end after they start, got another one");
  return { offset, start: moment(start, "segments"), end: moment(end, "segments"), bytes };
}

function markerOf(value: unknown): Marker {
  const fields = checkPlain(value, "marker");
  return { ...fields, at: count(fields["at"], "marker.at"), kind: text(fields["kind"], "marker.kind") };
}

async function indexOf(payload: Uint8Array): Promise<Contents> {
  const fields = json(decoded(await unpacked(payload, INDEX_BYTES_MAX)), "index") as Record<string, unknown>;
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) throw new ReadError("expected an index, got something else");
  const places = list(fields["segments"], "segments");
  if (places.length > SEGMENTS_MAX) throw new ReadError(`expected at most ${SEGMENTS_MAX} segments, got ${places.length}`);
  return {
    header: headerOf(fields["header"]),
    indexed: true,
    places: places.map(placeOf),
    markers: list(fields["markers"], "markers").map(markerOf),
    idle: list(fields["idle"], "idle").map((each) => row(each, 2, "idle") as unknown as Stretch),
  };
}

/** What the index at the end says; nothing where there is none, or it is not whole. */
async function indexed(bytes: Uint8Array): Promise<Contents | undefined> {
  const offset = bytes.length - HEAD_BYTES - 8;
  const footer = recordAt(bytes, Math.max(0, offset));
  if (!footer?.whole || footer.kind !== FOOTER || footer.payload.length !== 8) return undefined;
  const place = Number(new DataView(footer.payload.buffer, footer.payload.byteOffset, 8).getBigUint64(0));
  const index = place < offset ? recordAt(bytes, place) : undefined;
  if (!index?.whole || index.kind !== INDEX || index.end !== offset) return undefined;
  try {
    const found = await indexOf(index.payload);
    return found.places.every((each) => each.offset + each.bytes <= place) ? found : undefined;
  } catch (error) {
    if (error instanceof ReadError) return undefined;
    throw error;
  }
}

async function segmentText(record: Rec): Promise<string> {
  return decoded(await unpacked(record.payload, SEGMENT_BYTES_MAX));
}

/** A segment is true up to the start of what directly follows it, if that is whole; else up to the last thing said in it. */
async function ended(segment: Rec, following: Rec | undefined, hz: number): Promise<Place> {
  const place = { offset: segment.offset, start: segment.start, end: segment.start, bytes: segment.payload.length };
  if (following?.whole && ENDS.has(following.kind) && following.start >= segment.start) return { ...place, end: following.start };
  try {
    return { ...place, end: checkSegment(await segmentText(segment), hz).said };
  } catch (error) {
    if (error instanceof ReadError) return place; // made by somebody else: whoever asks for it will be told
    throw error;
  }
}

async function scanned(bytes: Uint8Array): Promise<Contents> {
  const head = wholeAt(bytes, 0);
  if (head.kind !== HEADER) throw new ReadError("expected a recording's header, got another record");
  const header = headerOf(json(decoded(head.payload), "header"));
  const places: Place[] = [];
  let open: Rec | undefined;
  for (const record of recordsOf(bytes)) {
    if (open !== undefined) places.push(await ended(open, record, header.hz));
    open = record.whole && record.kind === SEGMENT ? record : undefined;
    if (open !== undefined && places.length === SEGMENTS_MAX) throw new ReadError(`expected at most ${SEGMENTS_MAX} segments, got more`);
  }
  if (open !== undefined) places.push(await ended(open, undefined, header.hz));
  return { header, indexed: false, places, markers: [], idle: [] };
}

/**
 * What is in a file.
 * @throws ReadError when it is no recording
 */
export async function contentsOf(bytes: Uint8Array): Promise<Contents> {
  if (bytes.length > FILE_BYTES_MAX) throw new ReadError(`expected a file of at most ${FILE_BYTES_MAX} bytes, got ${bytes.length}`);
  const found = (await indexed(bytes)) ?? (await scanned(bytes));
  return { ...found, places: [...found.places].sort((a, b) => a.start - b.start) };
}

/**
 * The messages of a segment, and what is known of it.
 * @throws ReadError when it is not what was written
 */
export async function readPlace(bytes: Uint8Array, place: Place, hz: number): Promise<readonly [string, Checked]> {
  const record = wholeAt(bytes, place.offset);
  if (record.kind !== SEGMENT || record.start !== place.start || record.payload.length !== place.bytes)
    throw new ReadError(`expected a segment at byte ${place.offset}, got something else`);
  const lines = await segmentText(record);
  const checked = checkSegment(lines, hz);
  if (checked.now !== place.start) throw new ReadError(`expected a segment that starts at ${place.start}, got ${checked.now}`);
  return [lines, checked];
}

function pieceOf({ start, end, bytes }: Place, n: number): Piece {
  return { n, start, end, first: 0, last: 0, bytes };
}

function recordedOf({ header, places, markers, idle }: Contents): Recorded {
  const started = places[0]?.start ?? header.start;
  return {
    id: "file",
    hz: header.hz,
    started,
    ended: places.reduce((latest, { end }) => Math.max(latest, end), started),
    live: false,
    view: header.view,
    name: header.office,
    markers: [...markers].sort((a, b) => a.at - b.at),
    idle,
    segments: places.map(pieceOf),
  };
}

/** A recording that somebody has as a file. What fails, fails with a `ReadError`. Numbers of frames are 0: an index has none. */
export function fileSource(bytes: Uint8Array): Source {
  let contents: Promise<Contents> | undefined;
  const known = () => {
    contents ??= contentsOf(bytes);
    return contents;
  };
  return {
    about: async () => recordedOf(await known()),
    async segment(n) {
      const { header, places } = await known();
      const place = places[n];
      if (place === undefined) throw new ReadError(`expected segment 0 to ${places.length - 1}, got ${n}`);
      return (await readPlace(bytes, place, header.hz))[0];
    },
  };
}
