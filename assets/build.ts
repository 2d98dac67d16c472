/**
 * Builds the binary in two steps, with the bake of the light between them:
 * `models FOLDER` writes the models' shapes for bake.py, `pack FOLDER` reads its light and writes built/.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { packed } from "./codec.ts";
import { facts } from "./facts.ts";
import { DESKS, hasLamp, LAMPS, ROOM } from "./layout.ts";
import { LAMPLIGHT_MAX, type Manifest } from "./manifest.ts";
import type { Model } from "./model.ts";
import { office, shining } from "./office/index.ts";
import { person } from "./people/index.ts";
import { PEOPLE } from "./people/looks.ts";
import { sampled } from "./people/sampled.ts";
import { quantised } from "./quantise.ts";
import { bytesHash, sourcesHash } from "./sources.ts";

interface Named {
  readonly name: string;
  readonly model: Model;
  readonly baked: "room" | "self" | "none";
}

const FLOOR = { width: 256, height: 152 } as const;
/** The little lamps on every other desk. */
const deskLamps = DESKS.flatMap(({ x, z }, desk) =>
  hasLamp(desk) ? [{ x: x + 0.55, y: 1.2, z: z + 0.04, strength: 0.55, reach: 1.7 }] : [],
);

const models = (): Named[] => [
  { name: "office", model: office(), baked: "room" },
  ...Object.entries(shining).map(([name, build]): Named => ({ name, model: build(), baked: "none" })),
  ...Array.from({ length: PEOPLE }, (_, index): Named => ({ name: `person-${index}`, model: person(index), baked: "self" })),
];

function writeModels(folder: string): void {
  const list = models().filter(({ baked }) => baked !== "none");
  const table = list.map(({ name, model, baked }) => ({
    name,
    baked,
    points: model.points.length,
    indices: model.solid.length + model.small.length,
  }));
  const floats = list.flatMap(({ model }) => [...model.points.flatMap(({ at }) => at), ...model.points.flatMap(({ normal }) => normal)]);
  const indices = list.flatMap(({ model }) => [...model.solid, ...model.small]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "floats.bin"), new Uint8Array(Float32Array.from(floats).buffer));
  writeFileSync(join(folder, "indices.bin"), new Uint8Array(Uint32Array.from(indices).buffer));
  const lamps = [...LAMPS, ...deskLamps];
  writeFileSync(
    join(folder, "models.json"),
    JSON.stringify({ room: ROOM, floor: FLOOR, lamps, lamplight_max: LAMPLIGHT_MAX, models: table }),
  );
}

/** Reads floats of `light.bin` in the order in which bake.py wrote them. */
function lightReader(folder: string): (count: number) => number[] {
  const bytes = readFileSync(join(folder, "light.bin"));
  const light = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  let at = 0;
  return (count) => {
    at += count;
    if (at > light.length) throw new RangeError(`expected at least ${at} values of light, got ${light.length}: bake again`);
    return Array.from(light.subarray(at - count, at));
  };
}

function pack(folder: string, root: string): void {
  const read = lightReader(folder);
  const colours: string[] = [];
  const parts = models().map(({ name, model, baked }) => {
    const count = model.points.length;
    const light = { shades: baked === "none" ? [] : read(count), lamps: baked === "room" ? read(count) : [] };
    return quantised(name, model, light, colours, baked === "self");
  });
  const texels = (): Uint8Array => Uint8Array.from(read(FLOOR.width * FLOOR.height), (value) => Math.min(255, Math.round(value * 64) * 4));
  const floor = { shade: texels(), lamp: texels() };
  const binary = deflateRawSync(packed({ parts: parts.map(({ columns }) => columns), floor }), { level: 9 });
  const layout = parts.map((part) => part.layout);
  const manifest: Manifest = { format: 1, sources: sourcesHash(root), binary: bytesHash(binary), colours, floor: FLOOR, parts: layout };
  writeFileSync(join(root, "built", "office.bin"), binary);
  writeFileSync(join(root, "built", "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
  writeFileSync(join(root, "built", "facts.json"), `${JSON.stringify(facts, null, 1)}\n`);
  writeFileSync(join(root, "built", "poses.json"), `${JSON.stringify(sampled())}\n`);
  report(layout, binary.length);
}

function report(layout: Manifest["parts"], bytes: number): void {
  for (const { name, points, solid, small } of layout) {
    console.log(`${name.padEnd(10)} ${points} points, ${solid / 3} triangles with a shadow, ${small / 3} without`);
  }
  console.log(`built/office.bin: ${bytes} bytes`);
}

const [step, folder = "", root = ""] = process.argv.slice(2);
if (step === "models") writeModels(folder);
else if (step === "pack") pack(folder, root);
else throw new Error(`expected "models FOLDER" or "pack FOLDER ROOT", got "${step ?? ""}"`);
