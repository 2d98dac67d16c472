/**
 * Where the keyboard goes when panels open and close: into what was opened, and back to what opened it.
 * What opened a panel is often gone by then and made anew (a row of the sidebar), so it is known by its id.
 */
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Panel } from "./view.ts";

export interface Opener {
  readonly element: HTMLElement;
  readonly id: string;
}

/** A panel that is open, and what had the focus when it was opened. */
export interface Step {
  readonly kind: Panel["kind"];
  readonly opener: Opener | undefined;
}

/** The way to the panel that is shown now, and what had the focus last where it is a way back. */
export function stepTo(
  trail: readonly Step[],
  kind: Panel["kind"],
  last: Opener | undefined,
): readonly [readonly Step[], Opener | undefined] {
  const at = trail.findIndex((step) => step.kind === kind);
  if (at < 0) return [[...trail, { kind, opener: last }], undefined];
  return [trail.slice(0, at + 1), trail[at + 1]?.opener];
}

let last: Opener | undefined;

/** Remembers what had the focus last: when a panel has opened, what opened it may be gone. */
export function watchFocus(page: Document): void {
  page.addEventListener("focusin", ({ target }) => {
    last = target instanceof HTMLElement ? { element: target, id: target.id } : undefined;
  });
}

function find({ element, id }: Opener): HTMLElement | undefined {
  if (element.isConnected) return element;
  return (id === "" ? undefined : document.getElementById(id)) ?? undefined;
}

/** Whoever opens another panel by key or press is taken into it, and back again when it closes; the first one of a page takes nobody. */
export function useFocus(kind: Panel["kind"]): RefObject<HTMLElement | null> {
  const element = useRef<HTMLElement>(null);
  const trail = useRef<readonly Step[]>([{ kind, opener: undefined }]);
  useEffect(() => {
    if (trail.current.at(-1)?.kind === kind) return;
    const [next, opener] = stepTo(trail.current, kind, last);
    trail.current = next;
    const back = opener === undefined ? undefined : find(opener);
    (back ?? element.current)?.focus({ preventScroll: true });
  }, [kind]);
  return element;
}
