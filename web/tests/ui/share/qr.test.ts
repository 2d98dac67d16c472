import { expect, it } from "vitest";
import { modules } from "../../../src/ui/share/qr.tsx";

const URL = "http://192.168.1.20:8001/s/0ngvmou7efthjw66o6l#x5F1qQK4hLx7qICCJslRivTpV9ah8djMuTrbe9PzR1M";

/** Whether the module is dark, read back from the drawn path. */
function dark(path: string, x: number, y: number): boolean {
  return path.includes(`M${x} ${y}h1v1h-1z`);
}

it("draws a code with its three corners, large enough for a link", () => {
  const { size, path } = modules(URL);
  expect((size - 17) % 4).toBe(0);
  expect(size).toBeGreaterThanOrEqual(33);
  for (const [x, y] of [
    [0, 0],
    [size - 7, 0],
    [0, size - 7],
  ] as const) {
    const ring = Array.from({ length: 7 }, (_, n) => [dark(path, x + n, y), dark(path, x, y + n), dark(path, x + n, y + 6)]);
    expect(ring.flat().every(Boolean)).toBe(true);
    expect([dark(path, x + 1, y + 1), dark(path, x + 3, y + 3)]).toEqual([false, true]);
  }
});

it("differs with the address", () => {
  expect(modules(URL).path).not.toBe(modules(URL.replace("x5F", "x6F")).path);
});
