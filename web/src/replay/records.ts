/**
 * The layout of a recording file (docs/recording-file.md): records, each with its type, its length, its start, and a
 * checksum over all of it. The twin of `server/recording/layout.py`.
 */
import { ReadError } from "../net/read.ts";

export const HEAD_BYTES = 17;
const SUMMED_BYTES = 13;
/** The longest a segment gets before it is packed, and an index. */
export const SEGMENT_BYTES_MAX = 4 * 1024 * 1024;
export const INDEX_BYTES_MAX = 8 * 1024 * 1024;
const RECORD_BYTES_MAX = SEGMENT_BYTES_MAX + 64 * 1024;
/** The largest number of a frame, tick or moment. */
export const NUMBER_MAX = 2 ** 53;

export const HEADER = 0x48;
export const SEGMENT = 0x53;
export const GAP = 0x47;
export const INDEX = 0x49;
export const FOOTER = 0x46;

export interface Rec {
  readonly kind: number;
  readonly offset: number;
  /** Where the next one begins, if its length is true. */
  readonly end: number;
  readonly start: number;
  /** Whether all of it is as it was written. */
  readonly whole: boolean;
  readonly payload: Uint8Array;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** CRC-32, that of zlib, over the pieces one after the other. */
export function crc32(...pieces: readonly Uint8Array[]): number {
  let value = 0xffffffff;
  for (const piece of pieces) for (const byte of piece) value = (TABLE[(value ^ byte) & 0xff] as number) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

function isMoment(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= NUMBER_MAX;
}

/** The record at an offset, whole or damaged; nothing where there is not even a head, or no record is so long. */
export function recordAt(bytes: Uint8Array, offset: number): Rec | undefined {
  if (offset < 0 || offset + HEAD_BYTES > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, HEAD_BYTES);
  const [kind, length, start] = [view.getUint8(0), view.getUint32(1), view.getFloat64(5)];
  if (length > RECORD_BYTES_MAX) return undefined;
  const end = offset + HEAD_BYTES + length;
  const payload = bytes.subarray(offset + HEAD_BYTES, end);
  const sum = () => crc32(bytes.subarray(offset, offset + SUMMED_BYTES), payload);
  const whole = payload.length === length && isMoment(start) && sum() === view.getUint32(SUMMED_BYTES);
  return { kind, offset, end, start, whole, payload };
}

/** @throws ReadError when there is none, or it is not whole */
export function wholeAt(bytes: Uint8Array, offset: number): Rec {
  const found = recordAt(bytes, offset);
  if (!found?.whole) throw new ReadError(`expected a whole record at byte ${offset}, got a damaged one`);
  return found;
}

/** The records from the beginning on; of a damaged one, whose length may be true all the same, nothing but its place. */
export function* recordsOf(bytes: Uint8Array): Generator<Rec> {
  let offset = 0;
  for (;;) {
    const found = recordAt(bytes, offset);
    if (found === undefined || (offset > 0 && found.kind === HEADER)) return;
    yield found;
    offset = found.end;
  }
}

/**
 * What zlib packed, while it is no longer than it may be: what is longer is refused before it is in memory.
 * @throws ReadError when it is not whole, or too long
 */
export async function unpacked(packed: Uint8Array, bytesMax: number): Promise<Uint8Array> {
  const stream = new DecompressionStream("deflate");
  const writer = stream.writable.getWriter();
  // What is wrong is told by the reading end as well.
  void writer.write(packed as Uint8Array<ArrayBuffer>).catch(() => undefined);
  void writer.close().catch(() => undefined);
  const reader = stream.readable.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      length += value.length;
      if (length > bytesMax) break;
    }
  } catch {
    throw new ReadError("expected what zlib packed, got something else");
  }
  if (length > bytesMax) {
    await reader.cancel().catch(() => undefined);
    throw new ReadError(`expected at most ${bytesMax} bytes unpacked, got more`);
  }
  return joined(pieces, length);
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** @throws ReadError when it is not UTF-8 */
export function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ReadError("expected UTF-8, got something else");
  }
}
