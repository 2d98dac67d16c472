// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DESK, DESKS, DISPLAY, SEAT_TO_DESK } from "../../../../assets/layout.ts";
import type { Stage } from "../../../src/scene/contract.ts";
import { flatStage } from "../../../src/scene/flat/flat.ts";
import { nearness, onPage, placed } from "../../../src/scene/flat/parallel.ts";
import { stanceOf } from "../../../src/scene/flat/person.ts";
import type { OfficeState } from "../../../src/state/office.ts";
import { office, withDesk } from "../../office.ts";
import { chance } from "../../random.ts";

const NOW = 1_795_450_000_000;
const picked = vi.fn();
let stage: Stage;
let room: HTMLElement;

beforeEach(() => {
  picked.mockClear();
  const [canvas, plates] = [document.createElement("canvas"), document.createElement("div")];
  room = document.createElement("div");
  room.append(canvas, plates);
  document.body.replaceChildren(room);
  stage = flatStage({ canvas, plates, now: () => NOW, hour: 12, reducedMotion: true, onPick: picked });
  stage.fit({ x: 0, y: 0, width: 1000, height: 700 }, false);
});
afterEach(() => stage.dispose());

const show = (state: OfficeState) => stage.show([{ at: NOW, state }]);
const person = (index: number) => room.querySelector<SVGGElement>(`.f-person[data-desk="${index}"]`);
const desk = (index: number) => room.querySelector<SVGGElement>(`.f-desk[data-desk="${index}"]`);
const busy = () =>
  withDesk(withDesk(office(), 2, { activity: "working", title: "Acme", batch: "a", execution: "x1" }), 7, {
    activity: "failed",
    batch: "b",
  });

describe("the flat drawing", () => {
  it("shows ten desks, ten people and what each does, as tests of the room ask it", () => {
    show(busy());
    expect(room.querySelectorAll(".f-desk")).toHaveLength(10);
    expect(room.querySelectorAll(".f-person")).toHaveLength(10);
    expect(stage.drawn()[2]).toEqual({ desk: 2, activity: "working", execution: "x1", plate: "Chiyo Acme" });
    expect(stage.drawn()[7]?.plate).toBe("Hana failed");
  });

  it("draws again only what has changed", () => {
    show(busy());
    const [kept, changed] = [person(3)?.firstChild, person(2)?.firstChild];
    show(withDesk(busy(), 2, { activity: "done", batch: "a" }));
    expect(person(3)?.firstChild).toBe(kept);
    expect(person(2)?.firstChild).not.toBe(changed);
  });

  it("draws who is nearer later, and who has gone somewhere where they went", () => {
    show(withDesk(office(), 0, { activity: "idle", place: "cat-1" }));
    const order = [...room.querySelectorAll<SVGGElement>(".f-people > g")];
    const near = order.map((group) => {
      const index = Number(group.dataset["desk"]);
      const { x, z } = DESKS[index] ?? { x: 0, z: 0 };
      if (group.classList.contains("f-desk")) return nearness(x, z);
      return index === 0 ? nearness(2.25, 3.25) : nearness(x, z - SEAT_TO_DESK);
    });
    expect(near).toEqual([...near].sort((a, b) => a - b));
    expect(person(0)?.innerHTML).not.toBe(person(1)?.innerHTML);
  });

  it("has a stance for everything a desk does", () => {
    const stances = (["working", "waiting", "idle", "off", "failed", "done"] as const).map((activity) => stanceOf(activity, false));
    expect(new Set(stances).size).toBe(6);
    expect(stanceOf("idle", true)).toBe("stands");
  });

  it("lets desks of other batches stand back, and comes back from that", () => {
    show(busy());
    stage.overview("a");
    expect(room.querySelectorAll(".f-desk.back")).toHaveLength(9);
    expect(desk(2)?.classList.contains("back")).toBe(false);
    stage.overview(undefined);
    expect(room.querySelectorAll(".back")).toHaveLength(0);
  });

  it("opens what is pressed: a desk or who sits there, the stairs, the display", () => {
    show(busy());
    const click = (element: Element | null | undefined) =>
      element?.dispatchEvent(new MouseEvent("click", { bubbles: true, clientX: -500, clientY: -500 }));
    click(desk(4)?.querySelector("polygon"));
    click(person(6)?.querySelector("circle"));
    click(room.querySelector("[data-stairs] polygon"));
    click(room.querySelector("[data-display] polygon"));
    click(room.querySelector("svg"));
    expect(picked.mock.calls.flat()).toEqual([{ desk: 4 }, { desk: 6 }, { stairs: true }, { display: true }]);
  });

  it("writes what waits, lights the stairs, and puts no word of a user into its markup", () => {
    const evil = "<img src=x onerror=alert(1)>";
    const batches = { a: { name: evil, state: "running", total: 9, done: 3, failed: 1, running: 2, order: 0 } } as const;
    const state = office({ batches, queue: { waiting: 1234 }, overflow: { count: 3, shown: {} } });
    show(withDesk(state, 0, { activity: "working", worker: evil, title: evil, batch: "a" }));
    expect(room.querySelector(".f-big")?.textContent).toBe("1,234");
    expect(room.querySelector("[data-stairs]")?.classList.contains("lit")).toBe(true);
    expect(room.querySelector("img")).toBeNull();
  });

  it("goes stale, and away without a trace", () => {
    stage.stale(true);
    expect(room.querySelector("svg.flat")?.classList.contains("stale")).toBe(true);
    stage.dispose();
    expect(room.querySelector("svg.flat")).toBeNull();
    expect(room.querySelector("canvas")?.hidden).toBe(false);
  });

  it.each(Array.from({ length: 60 }, (_, index) => index + 1))(
    "has everybody, all desks and the display in any rectangle (seed %i)",
    (seed) => {
      const random = chance(seed);
      const free = { x: random.below(400), y: random.below(300), width: 60 + random.below(1600), height: 60 + random.below(1000) };
      const placing = placed(free);
      const seen = [
        ...DESKS.flatMap(({ x, z }) =>
          [-1, 1].flatMap((side) => [
            [x + (side * DESK.width) / 2, 1.4, z + DESK.depth / 2] as const,
            [x + side * 0.45, 2.3, z - SEAT_TO_DESK] as const,
            [x + side * 0.45, 0, z - SEAT_TO_DESK] as const,
          ]),
        ),
        [DISPLAY.x - DISPLAY.width / 2, DISPLAY.y + DISPLAY.height / 2, DISPLAY.z] as const,
        [DISPLAY.x + DISPLAY.width / 2, DISPLAY.y + DISPLAY.height / 2, DISPLAY.z] as const,
      ].map((point) => onPage(placing, ...point));
      for (const { x, y } of seen) {
        expect(x).toBeGreaterThanOrEqual(free.x);
        expect(x).toBeLessThanOrEqual(free.x + free.width);
        expect(y).toBeGreaterThanOrEqual(free.y);
        expect(y).toBeLessThanOrEqual(free.y + free.height);
      }
    },
  );
});
