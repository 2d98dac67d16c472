// Completes web/package-lock.json after `npm install`.
// Where the registry in use lacks packages of other platforms, npm leaves them out of the lock, and `npm ci` then
// refuses it everywhere. Their names say for which system and processor they are, which is all `npm ci` asks.
import { readFileSync, writeFileSync } from "node:fs";

const path = new URL("../web/package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(path, "utf8"));
const systems = { android: "android", darwin: "darwin", linux: "linux", win32: "win32", freebsd: "freebsd" };
const processors = { x64: "x64", arm64: "arm64", arm: "arm", ia32: "ia32", ppc64: "ppc64", s390x: "s390x" };

for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    const words = name.split(/[-/]/);
    const os = words.map((word) => systems[word]).find(Boolean);
    const cpu = words.map((word) => processors[word]).find(Boolean);
    if (lock.packages[key] || !os || !cpu) continue;
    lock.packages[key] = { version, cpu: [cpu], dev: true, optional: true, os: [os] };
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
lock.packages = Object.fromEntries(sorted);
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
