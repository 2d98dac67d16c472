import { describe, expect, it } from "vitest";
import { displayText, paceAt, shortened } from "../../../src/scene/room/displaypaint.ts";
import type { Batch, OfficeState } from "../../../src/state/office.ts";
import { office } from "../../office.ts";

const NOW = new Date(2026, 10, 23, 15, 0).getTime();
const batch = (order: number, parts: Partial<Batch> = {}): Batch => ({
  name: `Batch ${order}`,
  state: "running",
  total: 10,
  done: 4,
  failed: 1,
  running: 2,
  order,
  ...parts,
});
const text = (parts: Partial<OfficeState>) => displayText(office(parts), NOW);

describe("displayText", () => {
  it("says what waits, how many desks are taken and who is upstairs", () => {
    const shown = text({
      office: { id: "o", tier: "pro", slots: 37, running: 37 },
      overflow: { count: 27, shown: {} },
      queue: { waiting: 12_052, perhour: 186, eta: [NOW + 58 * 60_000, NOW + 70 * 60_000] },
    });
    expect(shown).toMatchObject({ waiting: "12,052", desks: "10 of 10 desks", upstairs: "27 upstairs", perHour: "186", until: "15:58" });
  });

  it("names the day when that is not today", () => {
    expect(text({ queue: { waiting: 1, eta: [NOW + 48 * 3_600_000, NOW + 50 * 3_600_000] } }).until).toBe("25 Nov, 15:00");
  });

  it("says nothing of what is not known", () => {
    expect(text({})).toMatchObject({ upstairs: "", perHour: "", until: "", rows: [], more: "" });
  });

  it("shows four batches, unfinished ones first, and counts the others", () => {
    const batches = Object.fromEntries(
      [batch(0, { state: "done" }), batch(1), batch(2), batch(3), batch(4, { state: "paused" }), batch(5)].map((one) => [
        `b${one.order}`,
        one,
      ]),
    );
    const shown = text({ batches, office: { id: "o", tier: "pro", slots: 10, running: 2, more: 7 } });
    expect(shown.rows.map(({ name }) => name)).toEqual(["Batch 1", "Batch 2", "Batch 3", "Batch 4"]);
    expect(shown.more).toBe("and 9 more");
  });

  it("calls a batch by its letter where names are hidden, and gives the ninth the first hue again", () => {
    const { name: _, ...nameless } = batch(8);
    const [eighth] = text({ batches: { b8: nameless } }).rows;
    const [first] = text({ batches: { b0: batch(0) } }).rows;
    expect(eighth?.name).toBe("Batch I");
    expect(eighth?.hue).toBe(first?.hue);
  });
});

describe("shortened", () => {
  const atMost = (letters: number) => (text: string) => text.length <= letters;

  it("leaves a name alone that fits and ends a longer one in an ellipsis", () => {
    expect(shortened("Companies", atMost(9))).toBe("Companies");
    expect(shortened("Company research", atMost(9))).toBe("Company…");
    expect(shortened("Company research", () => false)).toBe("C…");
  });
});

describe("paceAt", () => {
  const OVER = NOW - (NOW % 60_000);

  it("has a place for each of the last twenty minutes, and knows those that were told", () => {
    const pace = paceAt([OVER, 3, 0, 5], OVER + 20_000);
    expect(pace).toHaveLength(20);
    expect(pace.slice(-4)).toEqual([undefined, 3, 0, 5]);
  });

  it("claims nothing of minutes that nobody told of yet", () => {
    expect(paceAt([OVER, 3, 0, 5], OVER + 130_000).slice(-5)).toEqual([3, 0, 5, undefined, undefined]);
    expect(paceAt([OVER, 3], OVER + 3_600_000).every((count) => count === undefined)).toBe(true);
    expect(paceAt(undefined, OVER)).toEqual([]);
  });
});
