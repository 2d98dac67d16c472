import { describe, expect, it } from "vitest";
import { createApi } from "../../src/net/api.ts";
import type { Ask } from "../../src/net/http.ts";
import { ReadError } from "../../src/net/read.ts";

const TASK = {
  id: "t1",
  batch: "b1",
  title: "Acme",
  state: "failed",
  attempts: 2,
  input: { name: "Acme" },
  reason: "timeout",
  executions: [{ id: "e1", attempt: 1, state: "failed", started: "2026-11-23T15:00:00Z", ended: "2026-11-23T15:00:30.500Z" }],
};
const BATCH = {
  id: "b1",
  name: "Research",
  kind: "command",
  state: "running",
  total: 5,
  done: 1,
  failed: 1,
  cancelled: 0,
  running: 2,
  waiting: 1,
  order: 3,
  created: "2026-11-23T15:00:00Z",
};

function answering(answer: unknown) {
  const asked: Array<readonly [string, Ask | undefined]> = [];
  const api = createApi({
    async ask(path, what) {
      asked.push([path, what]);
      return answer;
    },
    file: async (path, what) => {
      asked.push([path, what]);
      return new Blob();
    },
  });
  return { api, asked };
}

describe("requests", () => {
  it("read a task with its attempts, times in milliseconds", async () => {
    const { api, asked } = answering({ items: [TASK], next: "c2" });
    const found = await api.tasks("b1", { state: "failed", q: "ac", limit: 10 });
    expect(asked[0]?.[0]).toBe("/batches/b1/tasks");
    expect(found.next).toBe("c2");
    expect(found.items[0]).toMatchObject({ title: "Acme", reason: "timeout" });
    expect(found.items[0]?.executions[0]).toMatchObject({
      started: Date.UTC(2026, 10, 23, 15),
      ended: Date.UTC(2026, 10, 23, 15, 0, 30, 500),
    });
  });

  it("read a batch and refuse one whose figures are missing", async () => {
    expect(await answering(BATCH).api.batch("b1")).toMatchObject({ kind: "command", order: 3, waiting: 1, started: undefined });
    await expect(answering({ ...BATCH, total: "5" }).api.batch("b1")).rejects.toBeInstanceOf(ReadError);
  });

  it("read a log's tail", async () => {
    const { api, asked } = answering({ lines: [{ at: "2026-11-23T15:00:00Z", text: "open" }], next: 40, ended: true });
    expect(await api.log("e1", 12)).toEqual({ lines: [{ at: Date.UTC(2026, 10, 23, 15), text: "open" }], next: 40, ended: true });
    expect(asked[0]).toEqual(["/executions/e1/log", { query: { after: 12 } }]);
  });

  it("send a list as a stream with what to do in the query", async () => {
    const { api, asked } = answering({ id: "b9", estimate: { p50: 60, p90: 90.5 } });
    const work = { name: "n", kind: "demo", params: { seconds: 2 }, type: "text/plain", text: "a\nb", tryFirst: 3 } as const;
    expect(await api.submit(work, "key1")).toEqual({ id: "b9", half: 60_000, most: 90_500 });
    expect(asked[0]).toEqual([
      "/batches",
      {
        method: "POST",
        query: { name: "n", kind: "demo", params: '{"seconds":2}', title: undefined, attempts: undefined, timeout: undefined, try: 3 },
        body: { type: "text/plain", data: "a\nb" },
        key: "key1",
      },
    ]);
  });

  it("put nothing into the address where the body says it all", async () => {
    const { api, asked } = answering({ id: "b9", estimate: { p50: 1, p90: 1 } });
    const params = { url: "https://x.example", headers: { Authorization: "secret" } };
    await api.submit({ name: "n", kind: "http", params, type: "application/json", text: "{}" }, "key1");
    expect(asked[0]).toEqual(["/batches", { method: "POST", query: {}, body: { type: "application/json", data: "{}" }, key: "key1" }]);
  });

  it("read the kinds, and which may be used here", async () => {
    const { api } = answering({
      items: [
        { name: "command", attempts: 1, allowed: false },
        { name: "chat", attempts: 3, allowed: true },
      ],
    });
    expect(await api.kinds()).toEqual([
      { name: "command", attempts: 1, allowed: false },
      { name: "chat", attempts: 3, allowed: true },
    ]);
  });

  it("read tiers, whose price may be agreed on", async () => {
    const pro = { name: "pro", title: "Pro", price: 79, slots: 10, quota: 5000, quota_soft: false };
    const enterprise = { name: "enterprise", title: "Enterprise", slots: 50, quota: 50000, quota_soft: true };
    expect(await answering({ items: [pro, enterprise] }).api.tiers()).toMatchObject([
      { price: 79, soft: false },
      { price: undefined, soft: true },
    ]);
  });

  it("read estimates of what the quota holds back", async () => {
    const held = { tier: "free", workers: 1, minutes: 50, each: 60, basis: "assumed", now: 50, later: 50, resumes: "2026-12-01T00:00:00Z" };
    expect(await answering({ items: [held] }).api.estimates(100)).toEqual([{ ...held, resumes: Date.UTC(2026, 11, 1) }]);
  });

  it("read a quota that is only shown as holding nothing back", async () => {
    const shown = { tier: "starter", workers: 3, minutes: 17, each: 60, basis: "assumed", now: 50, later: 50, enforced: false };
    expect(await answering({ items: [shown] }).api.estimates(100)).toEqual([
      { tier: "starter", workers: 3, minutes: 34, each: 60, basis: "assumed", now: 100, later: 0 },
    ]);
  });

  it("go where the interface says", async () => {
    const { api, asked } = answering({ tier: "pro", mode: "local" });
    await api.session("secret");
    await api.switchTier("free");
    await api.control("b1", "pause");
    await api.cancelTask("t1");
    await api.retryTask("t1");
    await api.account();
    expect(asked.map(([path, what]) => [what?.method ?? "GET", path])).toEqual([
      ["POST", "/session"],
      ["PATCH", "/account"],
      ["POST", "/batches/b1/pause"],
      ["POST", "/tasks/t1/cancel"],
      ["POST", "/tasks/t1/retry"],
      ["GET", "/account"],
    ]);
    await api.control("b1", "retry", "exit 1");
    await api.resultsFile("b1", "csv");
    expect(asked.slice(-2)).toEqual([
      ["/batches/b1/retry", { method: "POST", query: { why: "exit 1" } }],
      ["/batches/b1/results", { query: { format: "csv" } }],
    ]);
  });
});
