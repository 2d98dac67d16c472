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
    expect(view.all("pre").map((pre) => pre.textContent)).toEqual(['{\n  "name": "Aster Labs"\n}', '{\n  "text": "4 suppliers"\n}']);
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
