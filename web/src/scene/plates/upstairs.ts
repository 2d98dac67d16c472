/** The plate at the foot of the stairs: how many work upstairs, or nothing. */
import { icon } from "../../icons.ts";
import { count } from "../../ui/numbers.ts";
import { PLATE_HEIGHT } from "./element.ts";
import type { Sizes } from "./places.ts";
import type { Placed } from "./solver.ts";

export interface UpstairsPlate {
  write(over: number): boolean;
  measure(): void;
  sizes(): Sizes;
  put(placed: Placed): void;
  shown(): boolean;
}

export function upstairsPlate(parent: HTMLElement): UpstairsPlate {
  const plate = document.createElement("div");
  plate.className = "plate up";
  plate.hidden = true;
  const [figure, word] = [document.createElement("b"), document.createElement("span")];
  word.textContent = "upstairs";
  plate.innerHTML = icon("stairs");
  plate.append(figure, word);
  parent.append(plate);
  let [over, level] = [0, "full"];
  let sizes: Sizes = { widths: { full: 0, least: 0, name: 0, ring: 0 }, heights: { full: PLATE_HEIGHT, ring: PLATE_HEIGHT } };
  return {
    write(next) {
      if (next === over) return false;
      over = next;
      figure.textContent = count(next);
      return true;
    },
    measure() {
      plate.className = "plate up";
      plate.hidden = over === 0;
      const short = 38 + figure.offsetWidth;
      const full = short + 5 + word.offsetWidth;
      sizes = { widths: { full, least: full, name: short, ring: short }, heights: { full: PLATE_HEIGHT, ring: PLATE_HEIGHT } };
      plate.classList.add(level);
    },
    sizes: () => sizes,
    put({ x, y, width, height, level: next }) {
      plate.classList.remove("full", "name", "ringed", "hidden");
      level = next === "ring" ? "ringed" : next;
      plate.classList.add(level);
      plate.hidden = over === 0 || next === "hidden";
      plate.style.transform = `translate(${Math.round(x - width / 2)}px, ${Math.round(y - height / 2)}px)`;
    },
    shown: () => over > 0,
  };
}
