// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import type { BatchDetail, Task } from "../../src/net/shapes.ts";
import { BatchPanel } from "../../src/ui/batchpanel.tsx";
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
      { state: "failed", q: "", cursor: undefined, limit: 10 },
    ]);
  });

  it("turns pages", async () => {
    const view = await page(<BatchPanel id="b1" />, answers);
    await view.show(live);
    await view.press("Next page");
    expect(view.asked.filter(([name]) => name === "tasks").at(-1)).toEqual([
      "tasks",
      "b1",
      { state: undefined, q: "", cursor: "c2", limit: 10 },
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
    expect(view.all(".walk button").map((button) => button.textContent)).toEqual(["Office", "Share", "Retry 4 failed"]);
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

  const MANY: readonly Task[] = Array.from({ length: 12 }, (_, index) => ({
    ...(TASKS[0] as Task),
    id: `d${index}`,
    executions: [{ id: `e${index}`, attempt: 1, state: "done" as const, started: 0, ended: (index + 1) * MIN }],
  }));
  const FAILED: readonly Task[] = ["timeout", "unreachable", "timeout", "timeout"].map((reason, index) => ({
    ...(TASKS[1] as Task),
    id: `f${index}`,
    title: `Kestrel ${index}`,
    reason,
  }));
  const counted = {
    ...answers,
    tasks: (_batch: string, { state }: { readonly state?: string | undefined }) =>
      Promise.resolve({ items: state === "failed" ? FAILED : state === "done" ? MANY : TASKS }),
  };

  it("says why tasks failed, opens those of one reason and tries them again", async () => {
    const view = await page(<BatchPanel id="b1" />, counted);
    await view.show(live);
    expect(view.text(".why-failed h2")).toBe("Why 4 failed");
    expect(view.all(".why-failed li .row").map((row) => row.textContent)).toEqual(["Timed out3Retry", "Site not reachable1Retry"]);
    await view.press("Timed out");
    expect(view.all("tbody .bare").map((title) => title.textContent)).toEqual(["Kestrel 0", "Kestrel 2", "Kestrel 3"]);
    expect(view.text(".results-head")).toContain("Only: Timed out");
    await view.press("Show all again");
    await view.press("Retry 3: Timed out");
    expect(view.asked.filter(([name]) => name === "retryTask").map(([, id]) => id)).toEqual(["f0", "f2", "f3"]);
  });

  it("says how long tasks took, and of how many it speaks", async () => {
    const view = await page(<BatchPanel id="b1" />, counted);
    await view.show(live);
    expect(view.text(".how-long .between .dim")).toBe("the first 12 of 251 done");
    expect(view.text(".how-long > p")).toBe("Half within 6 min, 9 in 10 within 11 min");
    expect(view.all(".spread rect")).toHaveLength(13);
  });

  it("claims nothing of a handful", async () => {
    const view = await page(<BatchPanel id="b1" />, answers);
    await view.show(live);
    expect(view.text(".how-long > p")).toBe("Said once five are done.");
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

  it("offers the results as files", async () => {
    const view = await page(<BatchPanel id="b1" />, answers);
    await view.show(live);
    const links = view.all(".menu-list a").map((link) => link.getAttribute("href"));
    expect(links).toEqual(["/results/b1.csv", "/results/b1.ndjson", "/results/b1.json"]);
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
