/** Fetches the built binary and turns it into geometries. */
import { BufferAttribute, BufferGeometry, Color } from "three";
import built from "../../../../assets/built/manifest.json";
import officeUrl from "../../../../assets/built/office.bin?url";
import { type Columns, type FloorMaps, unpacked } from "../../../../assets/codec.ts";
import type { Manifest, PartLayout } from "../../../../assets/manifest.ts";
import { rgb } from "../../../../assets/palette.ts";

/** A part's points once, and its triangles with and without a shadow. */
export interface Model {
  readonly solid: BufferGeometry;
  readonly small: BufferGeometry;
}

export interface Models {
  part(name: string): Model;
  readonly floor: FloorMaps & { readonly width: number; readonly height: number };
}

/** The manifest of the binary that this client was built with. */
export const manifest: Manifest = built as unknown as Manifest;

async function inflated(compressed: Response): Promise<Uint8Array> {
  if (!compressed.ok || !compressed.body) throw new Error(`expected the models at ${compressed.url}, got status ${compressed.status}`);
  const raw = compressed.body.pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(raw).arrayBuffer());
}

/** Throws when the binary cannot be had or does not fit its manifest. */
export async function loadModels(): Promise<Models> {
  return modelsIn(await inflated(await fetch(officeUrl)));
}

/** The models in the binary's body, which must be the one its manifest describes. */
export function modelsIn(bytes: Uint8Array): Models {
  const body = unpacked(bytes, manifest.parts, manifest.floor);
  const parts = new Map(manifest.parts.map((layout, index) => [layout.name, { layout, columns: body.parts[index] }]));
  const colours = linearColours(manifest.colours);
  return {
    floor: { ...body.floor, ...manifest.floor },
    part(name) {
      const found = parts.get(name);
      if (!found?.columns) throw new Error(`expected a part named ${name} in the models`);
      return model(found.layout, found.columns, colours);
    },
  };
}

function linearColours(hexes: readonly string[]): Float32Array {
  const colour = new Color();
  return Float32Array.from(
    hexes.flatMap((hex) => {
      const [r, g, b] = rgb(hex);
      return colour.setRGB(r / 255, g / 255, b / 255, "srgb").toArray();
    }),
  );
}

function model(layout: PartLayout, columns: Columns, colours: Float32Array): Model {
  const attributes = pointAttributes(layout, columns, colours);
  const part = (indices: Uint16Array): BufferGeometry => {
    const geometry = new BufferGeometry();
    for (const [name, attribute] of Object.entries(attributes)) geometry.setAttribute(name, attribute);
    return geometry.setIndex(new BufferAttribute(indices, 1));
  };
  return { solid: part(columns.triangles.slice(0, layout.solid)), small: part(columns.triangles.slice(layout.solid)) };
}

function pointAttributes(layout: PartLayout, columns: Columns, colours: Float32Array): Record<string, BufferAttribute> {
  const { points } = layout;
  const position = interleaved(
    points,
    (point, axis) => (layout.low[axis] ?? 0) + ((columns.positions[axis * points + point] ?? 0) / 65535) * (layout.size[axis] ?? 0),
  );
  const normal = interleaved(points, (point, axis) => (columns.normals[axis * points + point] ?? 0) / 127);
  const colour = interleaved(points, (point, axis) => colours[(columns.colours[point] ?? 0) * 3 + axis] ?? 0);
  const attributes: Record<string, BufferAttribute> = {
    position: new BufferAttribute(position, 3),
    normal: new BufferAttribute(normal, 3),
    color: new BufferAttribute(colour, 3),
    shade: new BufferAttribute(columns.shades, 1, true),
  };
  if (layout.lit) attributes.lamplight = new BufferAttribute(columns.lamps, 1, true);
  if (layout.boned) Object.assign(attributes, boneAttributes(columns.bones));
  return attributes;
}

function interleaved(points: number, value: (point: number, axis: 0 | 1 | 2) => number): Float32Array {
  const values = new Float32Array(points * 3);
  for (let point = 0; point < points; point++) {
    values[point * 3] = value(point, 0);
    values[point * 3 + 1] = value(point, 1);
    values[point * 3 + 2] = value(point, 2);
  }
  return values;
}

/** Every point hangs on one bone alone. */
function boneAttributes(bones: Uint8Array): Record<string, BufferAttribute> {
  const [index, weight] = [new Uint8Array(bones.length * 4), new Uint8Array(bones.length * 4)];
  bones.forEach((bone, point) => {
    index[point * 4] = bone;
    weight[point * 4] = 255;
  });
  return { skinIndex: new BufferAttribute(index, 4), skinWeight: new BufferAttribute(weight, 4, true) };
}
