/** The hash of everything the binary is made from: it tells a binary that no longer fits its sources. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const SOURCE = /\.(ts|py)$|^places\.json$/;

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "built" ? [] : files(path);
    return SOURCE.test(entry.name) ? [path] : [];
  });
}

/** SHA-256 over names and contents of the sources under `root`, in the order of their names. */
export function sourcesHash(root: string): string {
  const hash = createHash("sha256");
  const named = files(root).map((path) => ({ path, name: relative(root, path).replaceAll("\\", "/") }));
  for (const { path, name } of named.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(`${name}\0`).update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

export const bytesHash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
