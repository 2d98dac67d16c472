/** One plate in the page: its elements are made once and changed in place. */
import { type IconName, icon } from "../../icons.ts";
import type { Sizes } from "./places.ts";
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
/** A title has at least this much room, or none: about twelve letters. */
const TITLE_LEAST = 84;
const CHOSEN_LEAST = 120;
/** As far from a selected plate's ends as its tip goes. */
const TIP_EDGE = 18;

export interface Tip {
  readonly x: number;
  readonly above: boolean;
}

export interface PlateElement {
  /** Shows these words, on two lines where it is selected and there is room below; true when they, and so the size, have changed. */
  write(text: PlateText, selected: boolean, roomy: boolean): boolean;
  /** Takes its sizes anew; only after its words or the typeface changed. */
  measure(): void;
  sizes(): Sizes;
  /** @param tip where its desk is: there a selected plate points, down from above it or up from beneath */
  put(placed: Placed, tip: Tip): void;
  /** Draws it as one that is not looked at. */
  fade(on: boolean): void;
  /** All it says now. */
  words(): string;
}

export function plateElement(parent: HTMLElement): PlateElement {
  const plate = document.createElement("div");
  const [ring, name, note] = [document.createElement("i"), document.createElement("b"), document.createElement("span")];
  // Titles of any script: they are cut at the end that is theirs.
  note.dir = "auto";
  plate.append(ring, name, note);
  plate.hidden = true;
  parent.append(plate);
  let [written, glyph, arc, level]: [string, IconName | "", string, string] = ["", "", "unknown", "full"];
  let [chosen, twoLines, keep, faded] = [false, false, false, false];
  /** What a plate is wide beside its title. */
  let beside = 0;
  let sizes: Sizes = {
    widths: { full: PLATE_HEIGHT, least: PLATE_HEIGHT, name: PLATE_HEIGHT, ring: PLATE_HEIGHT },
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
      keep = text.keep;
      twoLines = selected && roomy && text.note !== "";
      name.textContent = text.name;
      note.textContent = text.note;
      plate.dataset["tone"] = text.tone;
      plate.classList.toggle("selected", selected);
      return true;
    },
    measure() {
      plate.className = `plate${chosen ? " selected" : ""}${twoLines ? " tall" : ""}`;
      plate.hidden = false;
      note.style.maxWidth = "";
      const [inner, outer] = [wide(name), note.textContent ? wide(note) : 0];
      const alone = LEFT + RING + SPACE + inner + RIGHT + (chosen ? CHOSEN_EXTRA : 0);
      beside = twoLines ? TWO_LINES : alone + SPACE;
      const whole = (long: number): number => (long === 0 ? alone : twoLines ? Math.max(inner, long) + TWO_LINES : beside + long);
      const kept = keep ? outer : chosen ? CHOSEN_LEAST : TITLE_LEAST;
      sizes = {
        widths: { full: whole(outer), least: whole(outer && kept), name: alone, ring: PLATE_HEIGHT },
        heights: { full: twoLines ? SELECTED_HEIGHT : PLATE_HEIGHT, ring: PLATE_HEIGHT },
      };
      plate.classList.add(level);
      plate.classList.toggle("faded", faded);
    },
    sizes: () => sizes,
    fade(on) {
      faded = on;
      plate.classList.toggle("faded", on);
    },
    put({ x, y, width, height, level: next }, tip) {
      plate.classList.remove("full", "name", "ringed", "hidden");
      level = next === "ring" ? "ringed" : next;
      plate.classList.add(level);
      plate.hidden = next === "hidden";
      plate.style.transform = `translate(${Math.round(x - width / 2)}px, ${Math.round(y - height / 2)}px)`;
      note.style.maxWidth = next === "full" && width < sizes.widths.full ? `${Math.max(0, Math.floor(width - beside))}px` : "";
      if (!chosen) return;
      const from = Math.max(TIP_EDGE, Math.min(width - TIP_EDGE, tip.x - x + width / 2));
      plate.style.setProperty("--tip", `${Math.round(from)}px`);
      plate.classList.toggle("above", tip.above);
    },
    words: () => [name.textContent, note.textContent].filter(Boolean).join(" "),
  };
}

/** Whole pixels into which all of it fits. */
const wide = (element: HTMLElement): number => Math.ceil(element.getBoundingClientRect().width);
