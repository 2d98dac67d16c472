/**
 * The binary's body, both ways. Every column of numbers is stored on its own as steps from one value to the next, low
 * bytes before high bytes: neighbours are alike, so what follows (raw deflate) finds little to say.
 */
import type { PartLayout } from "./manifest.ts";

export interface Columns {
  /** x, y, z of every point, one column after another, 16 bits. */
  readonly positions: Uint16Array;
  /** The same for normals, -127 to 127. */
  readonly normals: Int8Array;
  readonly colours: Uint8Array;
  readonly shades: Uint8Array;
  readonly lamps: Uint8Array;
  readonly bones: Uint8Array;
  readonly triangles: Uint16Array;
}

export interface FloorMaps {
  readonly shade: Uint8Array;
  readonly lamp: Uint8Array;
}

export interface Body {
  readonly parts: readonly Columns[];
  readonly floor: FloorMaps;
}

/** Bytes as differences from the byte before, modulo 256. */
export function stepped(values: Uint8Array | Int8Array): Uint8Array {
  let last = 0;
  return Uint8Array.from(values, (value) => {
    const step = (value - last) & 255;
    last = value;
    return step;
  });
}

/** 16-bit values as differences, folded so that small steps either way are small, low bytes first. */
export function steppedWide(values: Uint16Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 2);
  let last = 0;
  values.forEach((value, index) => {
    const step = ((value - last + 98304) & 65535) - 32768;
    const folded = step >= 0 ? step * 2 : -step * 2 - 1;
    bytes[index] = folded & 255;
    bytes[values.length + index] = folded >> 8;
    last = value;
  });
  return bytes;
}

export function unstepped(bytes: Uint8Array): Uint8Array {
  let last = 0;
  return bytes.map((step) => {
    last = (last + step) & 255;
    return last;
  });
}

export function unsteppedWide(bytes: Uint8Array): Uint16Array {
  const count = bytes.length / 2;
  const values = new Uint16Array(count);
  let last = 0;
  for (let index = 0; index < count; index++) {
    const folded = (bytes[index] ?? 0) | ((bytes[count + index] ?? 0) << 8);
    last = (last + (folded & 1 ? -((folded + 1) >> 1) : folded >> 1)) & 65535;
    values[index] = last;
  }
  return values;
}

/** How each column is written and read back, in the order in which the columns stand in the binary. */
const COLUMNS = ["positions", "normals", "colours", "shades", "lamps", "bones", "triangles"] as const;
type Column = (typeof COLUMNS)[number];

const written = (column: Uint16Array | Uint8Array | Int8Array): Uint8Array =>
  column instanceof Uint16Array ? steppedWide(column) : stepped(column);

const sizeOf = (column: Column, part: PartLayout): number =>
  ({
    positions: part.points * 6,
    normals: part.points * 3,
    colours: part.points,
    shades: part.points,
    lamps: part.lit ? part.points : 0,
    bones: part.boned ? part.points : 0,
    triangles: (part.solid + part.small) * 2,
  })[column];

/** One column of all parts after another: ten people share most of their shapes, and so they come to lie close together. */
export function packed(body: Body): Uint8Array {
  const blocks = COLUMNS.flatMap((column) => body.parts.map((part) => written(part[column])));
  blocks.push(stepped(body.floor.shade), stepped(body.floor.lamp));
  const bytes = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    bytes.set(block, at);
    at += block.length;
  }
  return bytes;
}

/** Throws a RangeError when the bytes are not as many as the layout says. */
export function unpacked(bytes: Uint8Array, layout: readonly PartLayout[], floor: { width: number; height: number }): Body {
  let at = 0;
  const take = (count: number): Uint8Array => {
    at += count;
    if (at > bytes.length) throw new RangeError(`expected at least ${at} bytes of models, got ${bytes.length}`);
    return bytes.subarray(at - count, at);
  };
  const columns = new Map(COLUMNS.map((column) => [column, layout.map((part) => take(sizeOf(column, part)))]));
  const texels = floor.width * floor.height;
  const maps = { shade: unstepped(take(texels)), lamp: unstepped(take(texels)) };
  if (at !== bytes.length) throw new RangeError(`expected ${at} bytes of models, got ${bytes.length}`);
  const read = (column: Column, part: number): Uint8Array => columns.get(column)?.[part] ?? new Uint8Array();
  return { parts: layout.map((_, part) => columnsOf((column) => read(column, part))), floor: maps };
}

function columnsOf(read: (column: Column) => Uint8Array): Columns {
  return {
    positions: unsteppedWide(read("positions")),
    normals: new Int8Array(unstepped(read("normals")).buffer),
    colours: unstepped(read("colours")),
    shades: unstepped(read("shades")),
    lamps: unstepped(read("lamps")),
    bones: unstepped(read("bones")),
    triangles: unsteppedWide(read("triangles")),
  };
}
