import { describe, expect, it } from "vitest";
import { createResults, ROWS_MAX, readRows, rowOf } from "../../src/guest/rows.ts";
import { createHttp, type Fetch, Problem, Unreachable } from "../../src/net/http.ts";

const line = (n: number) =>
  JSON.stringify({ task: `t${n}`, title: `Firm ${n}`, state: "done", attempts: 1, input: { n }, result: { text: "ok" } });

async function* pieces(...texts: readonly string[]): AsyncIterable<string> {
  yield* texts;
}

describe("results, a line each", () => {
  it("are read whatever pieces they come in", async () => {
    const text = `${line(1)}\n${line(2)}\n${line(3)}\n`;
    const whole = await readRows(pieces(text), () => undefined);
    expect(whole.tasks.map((task) => task.title)).toEqual(["Firm 1", "Firm 2", "Firm 3"]);
    for (let cut = 0; cut <= text.length; cut += 7) {
      expect(await readRows(pieces(text.slice(0, cut), text.slice(cut)), () => undefined)).toEqual(whole);
    }
  });

  it("of which there are too many are cut, and it says so", async () => {
    const text = Array.from({ length: ROWS_MAX + 1 }, (_, n) => `${line(n)}\n`).join("");
    const told: number[] = [];
    const rows = await readRows(pieces(text.slice(0, 200_000), text.slice(200_000)), (count) => told.push(count));
    expect([rows.tasks.length, rows.cut]).toEqual([ROWS_MAX, true]);
    expect(told[0]).toBeGreaterThan(0);
  });

  it("that end within a line are not taken for all", async () => {
    await expect(readRows(pieces(`${line(1)}\n${line(2)}`), () => undefined)).rejects.toThrow("expected a whole line");
  });

  it("keep why a task failed", () => {
    const failed = { task: "t", title: "Firm", state: "failed", attempts: 2, reason: "exit", message: "exit 3", input: {}, result: null };
    expect(rowOf(JSON.stringify(failed))).toMatchObject({ state: "failed", reason: "exit", message: "exit 3", result: undefined });
  });

  it.each(["", "[]", '{"task":"t"}', "{"])("are nothing else, such as %o", (odd) => {
    expect(() => rowOf(odd)).toThrow(/^row/);
  });
});

describe("the results of a link", () => {
  function results(answer: () => Promise<Response>) {
    const asked: string[] = [];
    const fetch: Fetch = (url) => {
      asked.push(url);
      return answer();
    };
    return {
      asked,
      results: createResults(
        createHttp(fetch, () => undefined),
        fetch,
        "b1",
      ),
    };
  }

  it("are asked for as lines, and as files", async () => {
    const { asked, results: held } = results(() => Promise.resolve(new Response(`${line(1)}\n`)));
    expect((await held.rows(() => undefined)).tasks).toHaveLength(1);
    expect(await (await held.file("csv")).text()).toBe(`${line(1)}\n`);
    expect(asked).toEqual(["/api/v1/batches/b1/results?format=ndjson", "/api/v1/batches/b1/results?format=csv"]);
  });

  it("that do not come say why", async () => {
    await expect(results(() => Promise.resolve(new Response("", { status: 503 }))).results.file("json")).rejects.toBeInstanceOf(Problem);
    await expect(results(() => Promise.reject(new TypeError("no network"))).results.file("json")).rejects.toBeInstanceOf(Unreachable);
  });
});
