/** The office of a page without WebGL: a still drawing of the same ten desks, from the same state, with the same plates. Loaded only then. */
import { DESKS, SEAT_TO_DESK } from "../../../../assets/layout.ts";
import { FAILED_GLOW, HUES_DAY } from "../../../../assets/palette.ts";
import type { Course } from "../../state/course.ts";
import type { Desk, OfficeState } from "../../state/office.ts";
import { count } from "../../ui/numbers.ts";
import type { Rect, Stage, StageOptions, Target } from "../contract.ts";
import { drawnDesks } from "../drawn.ts";
import { NODES, place } from "../people/graph.ts";
import { isFaded, UPSTAIRS } from "../plates/places.ts";
import { plates } from "../plates/plates.ts";
import { backdrop, foreground } from "./backdrop.ts";
import { desk as deskShape } from "./desk.ts";
import { flatWords } from "./flatwords.ts";
import { nearness, onPage, type Placing, placed } from "./parallel.ts";
import { person, stanceOf } from "./person.ts";
import "../scene.css";
import "./flat.css";

const SECOND_MS = 1000;
const SVG = "http://www.w3.org/2000/svg";

interface Figure {
  readonly group: SVGGElement;
  drawn: string;
  near: number;
}

function made(layer: Element, desk: number, kind: string): Figure {
  const group = document.createElementNS(SVG, "g");
  group.dataset["desk"] = String(desk);
  group.classList.add(kind);
  layer.append(group);
  return { group, drawn: "", near: 0 };
}

/** What shines from a desk's screen. */
function glowOf(state: OfficeState, { activity, batch }: Desk): string | undefined {
  if (activity === "idle" || activity === "off") return undefined;
  if (activity === "failed") return FAILED_GLOW;
  const order = batch === undefined ? 0 : (state.batches[batch]?.order ?? 0);
  return HUES_DAY[((order % HUES_DAY.length) + HUES_DAY.length) % HUES_DAY.length];
}

/** Where somebody is: who is on their way is drawn where they go. */
function whereabouts(desk: Desk, index: number): { readonly x: number; readonly z: number; readonly away: boolean } {
  const home = `desk-${index}`;
  const { x, z } = DESKS[index] ?? { x: 0, z: 0 };
  const goal = desk.path?.[1] ?? desk.place ?? home;
  const away = desk.activity === "idle" && goal !== home ? place(goal) : undefined;
  if (away) return { ...away.at, away: true };
  if (desk.activity === "done") return { ...(NODES.get(home) ?? { x, z: z - SEAT_TO_DESK }), away: false };
  return { x, z: z - SEAT_TO_DESK, away: false };
}

export function flatStage(options: StageOptions): Stage {
  const { canvas } = options;
  const svg = document.createElementNS(SVG, "svg");
  svg.classList.add("flat");
  svg.innerHTML = `<g class="f-room"><g>${backdrop()}</g><g class="f-people"></g><g>${foreground()}</g></g>`;
  canvas.hidden = true;
  canvas.after(svg);
  options.plates.classList.add("plates");
  const part = (name: string): SVGGElement => {
    const found = svg.querySelector<SVGGElement>(name);
    if (!found) throw new Error(`expected ${name} in the drawing`);
    return found;
  };
  const [whole, layer, figures, stairs] = [part(".f-room"), part(".f-people"), part(".f-figures"), part("[data-stairs]")];
  const desks = DESKS.map((_, index) => made(layer, index, "f-desk"));
  const people = DESKS.map((_, index) => made(layer, index, "f-person"));
  const labels = plates(options.plates);
  let course: Course = [];
  let free: Rect = { x: 0, y: 0, width: 1, height: 1 };
  let [selected, only, revision]: [number | undefined, string | undefined, number] = [undefined, undefined, 0];
  let placing: Placing = placed(free);

  function redraw(figure: Figure, shape: string, near: number, back: boolean): boolean {
    figure.group.classList.toggle("back", back);
    const moved = figure.near !== near;
    if (figure.drawn !== shape) figure.group.innerHTML = figure.drawn = shape;
    figure.near = near;
    return moved;
  }

  function paint(state: OfficeState): void {
    let moved = false;
    DESKS.forEach((spot, index) => {
      const [desk, table, worker] = [state.desks[index], desks[index], people[index]];
      if (!desk || !table || !worker) return;
      const back = isFaded(desk, only);
      const { x, z, away } = whereabouts(desk, index);
      moved = redraw(table, deskShape(spot, glowOf(state, desk)), nearness(spot.x, spot.z), back) || moved;
      moved = redraw(worker, person(index, stanceOf(desk.activity, away), x, z), nearness(x, z), back) || moved;
    });
    if (moved) layer.append(...[...desks, ...people].sort((a, b) => a.near - b.near).map(({ group }) => group));
    stairs.classList.toggle("lit", state.overflow.count > 0);
    write(state);
  }

  /** The wall display: what waits, and how far each batch is. */
  function write({ queue, batches }: OfficeState): void {
    const rows = Object.values(batches).slice(0, 4);
    const bars = rows.map(({ order, done, failed, total }, row) => {
      const hue = HUES_DAY[((order % 8) + 8) % 8] ?? HUES_DAY[0];
      const share = total > 0 ? Math.round((220 * (done + failed)) / total) : 0;
      return `<rect x="165" y="${30 + row * 28}" width="220" height="11" rx="5" fill="#33406b"/><rect x="165" y="${30 + row * 28}" width="${share}" height="11" rx="5" fill="${hue}"/>`;
    });
    const text = `<text class="f-label" x="18" y="34">${flatWords.waiting}</text><text class="f-big" x="15" y="105">${count(queue.waiting)}</text>${bars.join("")}`;
    if (figures.innerHTML !== text) figures.innerHTML = text;
  }

  function label(): void {
    const state = course.at(-1)?.state;
    if (!state) return;
    const { clientWidth: width, clientHeight: height } = svg;
    const at = (x: number, y: number, z: number) => onPage(placing, x, y, z);
    labels.update(state, Math.floor(options.now() / SECOND_MS) * SECOND_MS, { selected, only }, { at, width, height, free, revision });
  }

  function show(): void {
    const state = course.at(-1)?.state;
    if (state) paint(state);
    label();
  }

  function settle(next: Rect): void {
    [free, placing] = [next, placed(next)];
    revision++;
    whole.setAttribute("transform", `translate(${placing.x} ${placing.y}) scale(${placing.scale})`);
    label();
  }

  function target(event: MouseEvent): Target | undefined {
    const box = svg.getBoundingClientRect();
    const plate = labels.hit(event.clientX - box.left, event.clientY - box.top);
    if (plate !== undefined) return plate === UPSTAIRS ? { stairs: true } : { desk: plate };
    const thing = event.target instanceof Element ? event.target.closest<SVGElement>("[data-desk], [data-stairs], [data-display]") : null;
    if (thing?.dataset["desk"] !== undefined) return { desk: Number(thing.dataset["desk"]) };
    if (thing?.dataset["stairs"] !== undefined) return { stairs: true };
    return thing === null ? undefined : { display: true };
  }

  svg.addEventListener("click", (event) => {
    const found = target(event);
    if (found) options.onPick?.(found);
  });
  const watch = new ResizeObserver(() => settle(free));
  watch.observe(svg);
  const ticking = window.setInterval(() => {
    if (!document.hidden && svg.checkVisibility({ visibilityProperty: true })) label();
  }, SECOND_MS);
  queueMicrotask(() => options.onReady?.());
  const nothing = (): void => undefined;

  return {
    show(next) {
      course = next;
      show();
    },
    fit: settle,
    select(desk) {
      selected = desk;
      label();
    },
    overview(batch) {
      only = batch;
      show();
    },
    // It is seen whole and from one side; there is no camera to move.
    follow: nothing,
    nudge: nothing,
    sway: nothing,
    light: nothing,
    stale(on) {
      svg.classList.toggle("stale", on);
    },
    renderAt() {
      show();
      return { update: 0, submit: 0 };
    },
    updateAt: nothing,
    counts: () => ({ renders: 0, calls: 0, triangles: 0, programs: 0, geometries: 0, textures: 0 }),
    drawn: () => drawnDesks(course.at(-1)?.state, labels.words),
    dispose() {
      window.clearInterval(ticking);
      watch.disconnect();
      svg.remove();
      canvas.hidden = false;
      options.plates.replaceChildren();
    },
  };
}
