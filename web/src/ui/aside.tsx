/** The one panel that stands beside the office. */
import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Rect } from "../scene/contract.ts";
import type { Panel } from "./view.ts";
import { words } from "./words.ts";

export function place({ x, y, width, height }: Rect) {
  return { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` };
}

/** Whoever opens another panel by key or press is taken into it; the first one of a page is not. */
export function useFocus(kind: Panel["kind"]): RefObject<HTMLElement | null> {
  const element = useRef<HTMLElement>(null);
  const before = useRef(kind);
  useEffect(() => {
    if (before.current !== kind) element.current?.focus({ preventScroll: true });
    before.current = kind;
  }, [kind]);
  return element;
}

export interface AsideProps {
  readonly kind: Panel["kind"];
  readonly place: Rect;
  readonly focus: RefObject<HTMLElement | null>;
  readonly children: ComponentChildren;
}

export function Aside({ kind, place: rect, focus, children }: AsideProps) {
  return (
    <aside key={kind} ref={focus} tabIndex={-1} aria-label={words.side.label} class={`panel at-${kind}`} style={place(rect)}>
      {children}
    </aside>
  );
}
