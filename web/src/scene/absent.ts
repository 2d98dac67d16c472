/** The stage of a page without WebGL: takes every call and draws nothing; the list says the same. */
import type { Stage } from "./contract.ts";

export function absent(): Stage {
  const nothing = (): void => undefined;
  return {
    show: nothing,
    fit: nothing,
    select: nothing,
    follow: nothing,
    overview: nothing,
    nudge: nothing,
    light: nothing,
    stale: nothing,
    sway: nothing,
    renderAt: () => ({ update: 0, submit: 0 }),
    updateAt: nothing,
    counts: () => ({ renders: 0, calls: 0, triangles: 0, programs: 0, geometries: 0, textures: 0 }),
    drawn: () => [],
    dispose: nothing,
  };
}
