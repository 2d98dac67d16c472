import { describe, expect, it } from "vitest";
import { GAP, overlap, type Placed, type Plate, type Point, type Quad, type Room, solved } from "../../../src/scene/plates/solver.ts";
import { type Chance, chance } from "../../random.ts";

const SEEDS = Array.from({ length: 400 }, (_, index) => index + 1);
const corners = ({ x, y, width, height }: Placed): Point[] => [
  { x: x - width / 2, y: y - height / 2 },
  { x: x + width / 2, y: y - height / 2 },
  { x: x + width / 2, y: y + height / 2 },
  { x: x - width / 2, y: y + height / 2 },
];

/** Ten desks in two slanting rows as the camera shows them, in a free rectangle of any size, with words of any length. */
function scene(random: Chance): { plates: Plate[]; room: Room } {
  const [width, height] = [260 + random.below(1700), 200 + random.below(1000)];
  const scale = Math.min(width / 1000, height / 640);
  const [ox, oy] = [random.below(60) + (width - 1000 * scale) / 2, random.below(60) + (height - 640 * scale) / 2];
  const at = (x: number, y: number): Point => ({ x: ox + x * scale, y: oy + y * scale });
  const selected = random.below(14);
  const plates = Array.from({ length: 10 }, (_, id): Plate => {
    const [row, column] = [id < 5 ? "back" : "front", id % 5] as const;
    const name = 50 + random.below(50);
    const keep = random.next() < 0.25 || id === selected;
    return {
      id,
      row,
      at: row === "back" ? at(360 + column * 108, 150 + column * 36) : at(230 + column * 108, 340 + column * 40),
      widths: { full: name + 10 + random.below(160), name, ring: 24 },
      heights: { full: id === selected ? 44 : 24, ring: 24 },
      keep,
      selected: id === selected,
      upstairs: false,
    };
  });
  if (random.next() < 0.5) {
    plates.push({
      id: 10,
      row: "back",
      at: at(930, 330),
      widths: { full: 100, name: 60, ring: 60 },
      heights: { full: 24, ring: 24 },
      keep: false,
      selected: false,
      upstairs: true,
    });
  }
  const display: Quad = [at(500, 60), at(700, 120), at(700, 200), at(500, 140)];
  const stairs: Quad = [at(900, 210), at(975, 230), at(975, 330), at(900, 310)];
  return {
    plates,
    room: {
      bounds: { x: ox - 20, y: oy - 20, width: width * 0.98, height: height * 0.98 },
      display,
      stairs,
      ringsOnly: random.next() < 0.15,
    },
  };
}

describe("solver", () => {
  it.each(SEEDS)("lets no two plates touch, none cover display or stairs, none leave the free rectangle (seed %i)", (seed) => {
    const { plates, room } = scene(chance(seed));
    const shown = solved(plates, room).filter(({ level }) => level !== "hidden");
    for (const [index, plate] of shown.entries()) {
      const { bounds } = room;
      expect(plate.x - plate.width / 2).toBeGreaterThanOrEqual(bounds.x - 0.02);
      expect(plate.y - plate.height / 2).toBeGreaterThanOrEqual(bounds.y - 0.02);
      expect(plate.x + plate.width / 2).toBeLessThanOrEqual(bounds.x + bounds.width + 0.02);
      expect(plate.y + plate.height / 2).toBeLessThanOrEqual(bounds.y + bounds.height + 0.02);
      if (room.display) expect(overlap(corners(plate), room.display)).toBe(false);
      if (room.stairs && plate.id !== 10) expect(overlap(corners(plate), room.stairs)).toBe(false);
      for (const other of shown.slice(index + 1)) expect(overlap(corners(plate), corners(other))).toBe(false);
    }
  });

  it.each(SEEDS.slice(0, 100))("places every desk once, the same way each time (seed %i)", (seed) => {
    const { plates, room } = scene(chance(seed));
    const placed = solved(plates, room);
    expect(placed.map(({ id }) => id)).toEqual(plates.map(({ id }) => id));
    expect(solved(plates, room)).toEqual(placed);
  });

  const wide: Room = { bounds: { x: 0, y: 0, width: 1400, height: 900 }, display: undefined, stairs: undefined, ringsOnly: false };
  const plate = (id: number, x: number, y: number, parts: Partial<Plate> = {}): Plate => ({
    id,
    row: "back",
    at: { x, y },
    widths: { full: 140, name: 60, ring: 24 },
    heights: { full: 24, ring: 24 },
    keep: false,
    selected: false,
    upstairs: false,
    ...parts,
  });
  const levels = (plates: readonly Plate[], room = wide) => solved(plates, room).map(({ level }) => level);

  it("keeps all words where there is room, exactly at the desks", () => {
    expect(solved([plate(0, 200, 100), plate(1, 400, 100)], wide)).toMatchObject([
      { level: "full", x: 200, y: 100 },
      { level: "full", x: 400, y: 100 },
    ]);
  });

  it("drops the titles of the back row first, but not of who failed", () => {
    const plates = [plate(0, 200, 100), plate(1, 310, 100, { keep: true }), plate(5, 200, 400, { row: "front" })];
    expect(levels(plates)).toEqual(["name", "full", "full"]);
  });

  it("then drops all titles but those that must stay", () => {
    const plates = [plate(0, 200, 100), plate(5, 300, 400, { row: "front" }), plate(6, 410, 400, { row: "front", keep: true })];
    expect(levels(plates)).toEqual(["name", "name", "full"]);
  });

  it("then slides the neighbour of the selected plate, which stays", () => {
    const chosen = plate(6, 300, 400, { row: "front", selected: true, keep: true });
    const [first, second] = solved([plate(5, 230, 400, { row: "front" }), chosen], wide);
    expect(second).toMatchObject({ level: "full", x: 300, y: 400 });
    expect(first?.level).toBe("name");
    expect(first?.x).toBeLessThan(300 - 70 - 30 - GAP + 1);
  });

  it("leaves only rings on small screens", () => {
    expect(levels([plate(0, 200, 100), plate(1, 260, 100, { keep: true })], { ...wide, ringsOnly: true })).toEqual(["ring", "ring"]);
  });

  it("moves a plate down from in front of the wall display", () => {
    const display: Quad = [
      { x: 100, y: 0 },
      { x: 300, y: 60 },
      { x: 300, y: 120 },
      { x: 100, y: 60 },
    ];
    const [placed] = solved([plate(0, 200, 92)], { ...wide, display });
    expect(placed?.y).toBeGreaterThan(92);
    expect(overlap(corners(placed as Placed), display)).toBe(false);
  });

  it("pulls a plate in from the edge", () => {
    expect(solved([plate(0, 1395, -10)], wide)).toMatchObject([{ x: 1330, y: 12, level: "full" }]);
  });
});
