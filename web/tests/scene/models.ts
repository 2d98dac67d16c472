/** The built models, read from the repository as the page reads them from its server. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { inflateRawSync } from "node:zlib";
import { type Models, modelsIn } from "../../src/scene/room/models.ts";

export function builtModels(): Models {
  const binary = readFileSync(resolve(import.meta.dirname, "../../../assets/built/office.bin"));
  return modelsIn(new Uint8Array(inflateRawSync(binary)));
}
