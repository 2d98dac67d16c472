/** The one panel that stands beside the office. */
import type { ComponentChildren, RefObject } from "preact";
import type { Rect } from "../scene/contract.ts";
import type { Panel } from "./view.ts";
import { words } from "./words.ts";

export function place({ x, y, width, height }: Rect) {
  return { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` };
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
