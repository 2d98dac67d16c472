/** One plate in the page: its elements are made once and changed in place. */
import { type IconName, icon } from "../../icons.ts";
import type { Placed } from "./solver.ts";
import type { PlateText } from "./text.ts";

const LEFT = 4;
const RIGHT = 9;
const RING = 17;
const SPACE = 6;
export const PLATE_HEIGHT = 24;
const SELECTED_HEIGHT = 44;

export interface Sizes {
  readonly widths: { readonly full: number; readonly name: number; readonly ring: number };
  readonly heights: { readonly full: number; readonly ring: number };
}

export interface PlateElement {
  /** Shows these words; true when they, and so the size, have changed. */
  write(text: PlateText, selected: boolean): boolean;
  /** Takes its sizes anew; only after its words or the typeface changed. */
  measure(): void;
  sizes(): Sizes;
  put(placed: Placed): void;
  /** All it says now. */
  words(): string;
}

export function plateElement(parent: HTMLElement): PlateElement {
  const plate = document.createElement("div");
  const [ring, name, note] = [document.createElement("i"), document.createElement("b"), document.createElement("span")];
  plate.append(ring, name, note);
  plate.hidden = true;
  parent.append(plate);
  let [written, glyph, arc, level, chosen]: [string, IconName | "", string, string, boolean] = ["", "", "unknown", "full", false];
  let sizes: Sizes = {
    widths: { full: PLATE_HEIGHT, name: PLATE_HEIGHT, ring: PLATE_HEIGHT },
    heights: { full: PLATE_HEIGHT, ring: PLATE_HEIGHT },
  };

  function drawRing(text: PlateText): void {
    if (text.glyph !== glyph) {
      glyph = text.glyph;
      ring.innerHTML = icon(glyph);
    }
    const next = text.ring ? `${text.ring.hue} ${Math.floor(text.ring.permille / 10)} ${text.ring.reported}` : "";
    if (next === arc) return;
    arc = next;
    ring.className = text.ring ? `ring ${text.ring.reported ? "reported" : "estimated"}` : "ring bare";
    ring.style.setProperty("--c", text.ring?.hue ?? "var(--ink-2)");
    ring.style.setProperty("--p", String(Math.floor((text.ring?.permille ?? 0) / 10)));
  }

  return {
    write(text, selected) {
      drawRing(text);
      const next = `${text.tone}|${text.name}|${text.note}|${selected}`;
      if (next === written) return false;
      written = next;
      chosen = selected;
      name.textContent = text.name;
      note.textContent = text.note;
      plate.dataset["tone"] = text.tone;
      plate.classList.toggle("selected", selected);
      return true;
    },
    measure() {
      plate.className = `plate${chosen ? " selected" : ""}`;
      plate.hidden = false;
      const [inner, outer] = [name.offsetWidth, note.textContent ? note.offsetWidth : 0];
      const alone = LEFT + RING + SPACE + inner + RIGHT;
      const full = chosen ? Math.max(inner, outer) + 52 : alone + (outer > 0 ? SPACE + outer : 0);
      const tall = chosen && outer > 0 ? SELECTED_HEIGHT : PLATE_HEIGHT;
      sizes = { widths: { full, name: alone, ring: PLATE_HEIGHT }, heights: { full: tall, ring: PLATE_HEIGHT } };
      plate.classList.toggle("tall", tall > PLATE_HEIGHT);
      plate.classList.add(level);
    },
    sizes: () => sizes,
    put({ x, y, width, height, level: next }) {
      plate.classList.remove("full", "name", "ringed", "hidden");
      level = next === "ring" ? "ringed" : next;
      plate.classList.add(level);
      plate.hidden = next === "hidden";
      plate.style.transform = `translate(${Math.round(x - width / 2)}px, ${Math.round(y - height / 2)}px)`;
    },
    words: () => [name.textContent, note.textContent].filter(Boolean).join(" "),
  };
}
