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
/** What a selected plate has beside its words, on one line more than others, on two in all. */
const CHOSEN_EXTRA = 14;
const TWO_LINES = 52;

export interface Sizes {
  readonly widths: { readonly full: number; readonly name: number; readonly ring: number };
  readonly heights: { readonly full: number; readonly ring: number };
}

export interface PlateElement {
  /** Shows these words, on two lines where it is selected and there is room below; true when they, and so the size, have changed. */
  write(text: PlateText, selected: boolean, roomy: boolean): boolean;
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
  let [written, glyph, arc, level]: [string, IconName | "", string, string] = ["", "", "unknown", "full"];
  let [chosen, twoLines] = [false, false];
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
    write(text, selected, roomy) {
      drawRing(text);
      const next = `${text.tone}|${text.name}|${text.note}|${selected}`;
      if (next === written) return false;
      written = next;
      chosen = selected;
      twoLines = selected && roomy && text.note !== "";
      name.textContent = text.name;
      note.textContent = text.note;
      plate.dataset["tone"] = text.tone;
      plate.classList.toggle("selected", selected);
      return true;
    },
    measure() {
      plate.className = `plate${chosen ? " selected" : ""}`;
      plate.hidden = false;
      plate.classList.toggle("tall", twoLines);
      const [inner, outer] = [name.offsetWidth, note.textContent ? note.offsetWidth : 0];
      const alone = LEFT + RING + SPACE + inner + RIGHT + (chosen ? CHOSEN_EXTRA : 0);
      const full = twoLines ? Math.max(inner, outer) + TWO_LINES : alone + (outer > 0 ? SPACE + outer : 0);
      sizes = {
        widths: { full, name: alone, ring: PLATE_HEIGHT },
        heights: { full: twoLines ? SELECTED_HEIGHT : PLATE_HEIGHT, ring: PLATE_HEIGHT },
      };
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
