// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import type { BatchFigures, Durations } from "../../src/net/figures.ts";
import { Unreachable } from "../../src/net/http.ts";
import type { BatchDetail, Format, Task } from "../../src/net/shapes.ts";
import { BatchPanel } from "../../src/ui/batchpanel.tsx";
import { fileName } from "../../src/ui/exportmenu.tsx";
import { office } from "../office.ts";
import { NOW, page } from "./page.tsx";

const MIN = 60_000;
const BATCH = { name: "Research", state: "running", total: 300, done: 251, failed: 4, running: 10, order: 0 } as const;
const live = office({ batches: { b1: { ...BATCH, eta: [NOW + 34 * MIN, NOW + 41 * MIN] } } });
const TOLD: BatchDetail = { ...BATCH, id: "b1", kind: "command", cancelled: 0, waiting: 35, started: NOW - 256 * MIN };
const TASKS: readonly Task[] = [
  {
    id: "t1",
    batch: "b1",
    title: "Aster Labs",
    state: "done",
    attempts: 1,
    input: { name: "Aster Labs" },
    result: { text: "4 suppliers" },
    executions: [{ id: "e1", attempt: 1, state: "done", started: 0, ended: 680_000 }],
  },
  { id: "t2", batch: "b1", title: "Kestrel Air", state: "failed", attempts: 3, input: {}, reason: "timeout", executions: [] },
];
const answers = {
  batch: () => Promise.resolve(TOLD),
  tasks: (_batch: string, query: { readonly cursor?: string | undefined }) =>
    Promise.resolve({ items: TASKS, next: query.cursor === undefined ? "c2" : undefined }),
};

describe("the batch panel", () => {
  it("says how far, until when and since when", async () => {
    const view = await page(<BatchPanel id="b1" />, answers);
    await view.show(live);
    expect(view.text(".batch-head .title")).toBe("Research");
    expect(view.text("b.large")).toBe("34–41 min");
    expect(view.text(".batch-head .between")).toBe("Command, started 11:08done about 15:58, 9 times in 10 by 16:05");
    expect(view.text(".legend")).toBe("251done4failed10running35waiting300 tasks");
  });

  it("pauses, resumes and retries at once, and cancels when asked twice", async () => {
    const view = await page(<BatchPanel id="b1" />, answers);
    await view.show(live);
    await view.press("Pause");
    await view.press("Retry 4 failed");
    await view.press("Cancel batch");
    await view.press("Cancel 45 tasks?");
    await view.show(office({ batches: { b1: { ...BATCH, state: "paused" } } }));
    await view.press("Resume");
    const asked = view.asked.filter(([name]) => name === "control").map(([, , what]) => what);
    expect(asked).toEqual(["pause", "retry", "cancel", "resume"]);
  });

  it("lists what came of each task", async () => {
    const view = await page(<BatchPanel id="b1" />, answers);
    await view.show(live);
    expect(view.all("tbody tr").map((row) => row.textContent)).toEqual(["Aster Labs11:2014 suppliers", "Kestrel AirTimed out"]);
  });

  it("opens a task in place", async () => {
    const view = await page(<BatchPanel id="b1" />, answers);
    await view.show(live);
    await view.press("Aster Labs");
    expect(view.all("pre").map((pre) => pre.textContent)).toEqual(['{\n  "name": "Aster Labs"\n}']);
    expect(view.text(".prose")).toBe("4 suppliers");
  });

  it("opens every number: the failed ones", async () => {
    const view = await page(<BatchPanel id="b1" />, answers);
    await view.show(live);
    await view.press("4failed");
    expect(view.asked.filter(([name]) => name === "tasks").at(-1)).toEqual([
      "tasks",
      "b1",
      { state: "failed", q: "", why: undefined, cursor: undefined, limit: 10 },
    ]);
  });

  it("turns pages", async () => {
    const view = await page(<BatchPanel id="b1" />, answers);
    await view.show(live);
    await view.press("Next page");
    expect(view.asked.filter(([name]) => name === "tasks").at(-1)).toEqual([
      "tasks",
      "b1",
      { state: undefined, q: "", why: undefined, cursor: "c2", limit: 10 },
    ]);
    expect(view.text(".pages span")).toBe("11–12 of 300");
  });

  const PAUSED = office({ batches: { b1: { ...BATCH, state: "paused", running: 0 } } });
  const HALTED = { ...TOLD, state: "paused", running: 0, waiting: 45, reason: "10 equal failures in a row: wrong key" } as const;

  it("says why the server paused it, and resumes or cancels in place", async () => {
    const view = await page(<BatchPanel id="b1" />, { ...answers, batch: () => Promise.resolve(HALTED) });
    await view.show(PAUSED);
    expect(view.text(".notice.failures")).toContain("10 equal failures in a row: wrong key");
    expect(view.text("b.large")).toBe("paused");
    expect(view.all(".walk button").map((button) => button.textContent)).toEqual(["Office", "Show its desks", "Share", "Retry 4 failed"]);
    await view.press("Resume");
    await view.press("Cancel batch");
    await view.press("Cancel 45 tasks?");
    expect(view.asked.filter(([name]) => name === "control").map(([, , what]) => what)).toEqual(["resume", "cancel"]);
  });

  it("says in another colour what is no failure of the tasks", async () => {
    const reason = "expected the values of TOKEN, which are never stored";
    const view = await page(<BatchPanel id="b1" />, { ...answers, batch: () => Promise.resolve({ ...HALTED, reason }) });
    await view.show(PAUSED);
    expect(view.all(".notice.failures")).toHaveLength(0);
    expect(view.text(".notice p")).toBe("Expected the values of TOKEN, which are never stored");
  });

  it("asks for the reason once the state says paused", async () => {
    let told: BatchDetail = TOLD;
    const view = await page(<BatchPanel id="b1" />, { ...answers, batch: () => Promise.resolve(told) });
    await view.show(live);
    expect(view.all(".notice")).toHaveLength(0);
    told = HALTED;
    await view.show(PAUSED);
    expect(view.text(".notice b")).toBe("Paused by the server");
  });

  it("says which limit holds it, though the queue goes on", async () => {
    const held = { ...TOLD, state: "waiting", blocked: "ratelimit", until: NOW + 7 * MIN } as const;
    const view = await page(<BatchPanel id="b1" />, { ...answers, batch: () => Promise.resolve(held) });
    await view.show(office({ batches: { b1: { ...BATCH, state: "waiting", running: 0 } } }));
    expect(view.text("b.large")).toBe("waiting");
    expect(view.text(".notice p")).toBe("The provider's limit is reached, waiting until 15:31.");
  });

  const FIGURES: BatchFigures = {
    every: 1,
    durations: {
      of: 251,
      from: 2 * MIN,
      to: 20 * MIN,
      half: 9.5 * MIN,
      most: 15 * MIN,
      longest: 20 * MIN,
      bars: [3, 8, 20, 40, 60, 50, 30, 20, 10, 5, 3, 1, 1],
      longer: 0,
    },
    ends: { from: NOW - 60 * MIN, step: 10 * MIN, done: [4, 9, 12, 20], failed: [0, 2, 2, 0] },
    reasons: [
      { why: "exit 1", count: 2 },
      { why: "unreachable", count: 1 },
      { why: "timeout", count: 1 },
    ],
    more: 0,
  };
  const counted = { ...answers, figures: () => Promise.resolve(FIGURES) };

  it("says why tasks failed, opens those of one reason and tries them again", async () => {
    const view = await page(<BatchPanel id="b1" />, counted);
    await view.show(live);
    expect(view.text(".why-failed h2")).toBe("Why 4 failed");
    expect(view.all(".why-failed li .row").map((row) => row.textContent)).toEqual([
      "Program ended with code 12Retry",
      "Site not reachable1Retry",
      "Timed out1Retry",
    ]);
    await view.press("Program ended with code 1");
    expect(view.asked.filter(([name]) => name === "tasks").at(-1)).toEqual([
      "tasks",
      "b1",
      { state: undefined, q: "", why: "exit 1", cursor: undefined, limit: 10 },
    ]);
    expect(view.text(".results-head")).toContain("Only: Program ended with code 1");
    await view.press("Show all again");
    await view.press("Retry 2: Program ended with code 1");
    expect(view.asked.filter(([name]) => name === "control")).toEqual([["control", "b1", "retry", "exit 1"]]);
  });

  it("says how long tasks took, and of how many it speaks", async () => {
    const view = await page(<BatchPanel id="b1" />, {
      ...counted,
      figures: () => Promise.resolve({ ...FIGURES, ends: undefined, every: 3 }),
    });
    await view.show(live);
    expect(view.text(".how-long .between .dim")).toBe("251 done");
    expect(view.all(".how-long > p").map((each) => each.textContent)).toEqual([
      "Half within 10 min, 9 in 10 within 15 min",
      "From every 3rd task of the list",
    ]);
    expect(view.all(".spread rect")).toHaveLength(13);
  });

  it("says of those that took far longer how many they are", async () => {
    const durations = { ...(FIGURES.durations as Durations), longer: 2, longest: 45 * MIN };
    const view = await page(<BatchPanel id="b1" />, { ...counted, figures: () => Promise.resolve({ ...FIGURES, durations }) });
    await view.show(live);
    expect(view.text(".axis")).toBe("2 min2 longer, up to 45 min");
    expect(view.all(".how-long .seg button").map((each) => each.textContent)).toEqual(["Time each", "Speed"]);
  });

  it("claims nothing of a handful", async () => {
    const few = { every: 1, durations: { ...(FIGURES.durations as Durations), of: 4 }, reasons: [], more: 0 };
    const view = await page(<BatchPanel id="b1" />, { ...answers, figures: () => Promise.resolve(few) });
    await view.show(live);
    expect(view.text(".how-long > p")).toBe("Said once five are done.");
  });

  it("asks again for figures that did not come", async () => {
    let tries = 0;
    const figures = () => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error("away")) : Promise.resolve(FIGURES);
    };
    const view = await page(<BatchPanel id="b1" />, { ...answers, figures });
    await view.show(live);
    expect(view.text(".insights-failed p")).toBe("How long tasks took did not come.");
    await view.press("Try again");
    expect(view.all(".spread rect")).toHaveLength(13);
  });

  it("leads from a trial back to the other rows", async () => {
    const view = await page(<BatchPanel id="b1" />, answers);
    await view.app.draft.takeText("a\nb\nc\nd\ne\n", "lines");
    const table = view.app.draft.table.value;
    if (table === undefined) throw new Error("expected a list");
    view.app.draft.trial.value = { batch: "b1", rows: 3, table, mark: "" };
    await view.show(live);
    expect(view.text(".notice.trial p")).toBe("These are the first 3 of 5.");
    await view.press("Back to the other 2");
    expect(view.app.view.panel.value).toEqual({ kind: "add" });
  });

  it("offers the results as files, says in place that one did not come, and tries again", async () => {
    const wanted: string[] = [];
    const resultsFile = (_batch: string, format: string) => {
      wanted.push(format);
      return wanted.length === 1 ? Promise.reject(new Unreachable("away")) : new Promise<Blob>(() => undefined);
    };
    const formats: readonly Format[] = ["csv", "ndjson", "json", "parquet"];
    const view = await page(<BatchPanel id="b1" />, { ...answers, resultsFile, batch: () => Promise.resolve({ ...TOLD, formats }) });
    await view.show(live);
    const offered = ["CSV, for spreadsheets", "NDJSON, a line each", "JSON", "Parquet, typed columns"];
    expect(view.all(".menu-list button").map((each) => each.textContent)).toEqual(offered);
    await view.press("NDJSON");
    expect(view.text(".export-failed .red")).toBe("The file did not come.");
    await view.press("Retry the file");
    expect(view.text("[title=Stop]")).toBe("NDJSON on its way");
    expect(wanted).toEqual(["ndjson", "ndjson"]);
    await view.press("NDJSON on its way");
  });

  it("offers no file that the plan has not", async () => {
    const view = await page(<BatchPanel id="b1" />, { ...answers, batch: () => Promise.resolve({ ...TOLD, formats: ["json"] }) });
    await view.show(live);
    expect(view.all(".menu-list button").map((each) => each.textContent)).toEqual(["JSON"]);
  });

  it("gives files names that every system takes", () => {
    expect(fileName('../a/b: "c"?', "csv")).toBe("a b c.csv");
    expect(fileName("  ", "json")).toBe("Results.json");
    expect(fileName("Größe 漢字", "ndjson")).toBe("Größe 漢字.ndjson");
  });

  it("says where a batch is a demo", async () => {
    const view = await page(<BatchPanel id="b1" />, { ...answers, batch: () => Promise.resolve({ ...TOLD, kind: "demo" }) });
    await view.show(live);
    expect(view.text(".batch-head p")).toBe("This is a demo: its tasks only wait.");
  });

  it("shows a batch that only HTTP knows, and says when none does", async () => {
    const view = await page(<BatchPanel id="b1" />, { ...answers, batch: () => Promise.resolve({ ...TOLD, state: "done" as const }) });
    await view.show(office());
    expect(view.text("b.large")).toBe("done");
    const gone = await page(<BatchPanel id="b1" />);
    await gone.show(office());
    expect(gone.text(".lead")).toBe("This batch is no longer there.");
  });
});
