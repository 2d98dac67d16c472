import { describe, expect, it } from "vitest";
import { createResults, ROWS_MAX, readRows, rowOf } from "../../src/guest/rows.ts";
import { createHttp, type Fetch, Problem, Unreachable } from "../../src/net/http.ts";

const line = (n: number) =>
  JSON.stringify({ task: `t${n}`, title: `Firm ${n}`, state: "done", attempts: 1, input: { n }, result: { text: "ok" } });

/** As the server writes it: two pages, the comma of the first one's last row comes with the second. */
const array = (...lines: readonly string[]) => (lines.length === 0 ? "[]\n" : `[\n${lines.join(",\n")}\n]\n`);

async function* pieces(...texts: readonly string[]): AsyncIterable<string> {
  yield* texts;
}

describe("results, an array with a line for each", () => {
  it("are read whatever pieces they come in", async () => {
    const text = array(line(1), line(2), line(3));
    const whole = await readRows(pieces(text), () => undefined);
    expect(whole.tasks.map((task) => task.title)).toEqual(["Firm 1", "Firm 2", "Firm 3"]);
    for (let cut = 0; cut <= text.length; cut += 1) {
      expect(await readRows(pieces(text.slice(0, cut), text.slice(cut)), () => undefined)).toEqual(whole);
    }
  });

  it("of which there are too many are cut, and it says so", async () => {
    const text = array(...Array.from({ length: ROWS_MAX + 1 }, (_, n) => line(n)));
    const told: number[] = [];
    const rows = await readRows(pieces(text.slice(0, 200_000), text.slice(200_000)), (count) => told.push(count));
    expect([rows.tasks.length, rows.cut]).toEqual([ROWS_MAX, true]);
    expect(told[0]).toBeGreaterThan(0);
  });

  it("may be none", async () => {
    expect(await readRows(pieces(array()), () => undefined)).toEqual({ tasks: [], cut: false });
  });

  it("that end before the array does are not taken for all", async () => {
    const text = array(line(1), line(2));
    for (const end of [0, 2, text.length / 2, text.length - 3, text.length - 2]) {
      await expect(readRows(pieces(text.slice(0, end)), () => undefined)).rejects.toThrow("expected all rows");
    }
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

  it("are asked for as what every plan has, and as files", async () => {
    const { asked, results: held } = results(() => Promise.resolve(new Response(array(line(1)))));
    expect((await held.rows(() => undefined)).tasks).toHaveLength(1);
    expect(await (await held.file("csv")).text()).toBe(array(line(1)));
    expect(asked).toEqual(["/api/v1/batches/b1/results?format=json", "/api/v1/batches/b1/results?format=csv"]);
  });

  it("that do not come say why", async () => {
    await expect(results(() => Promise.resolve(new Response("", { status: 503 }))).results.file("json")).rejects.toBeInstanceOf(Problem);
    await expect(results(() => Promise.reject(new TypeError("no network"))).results.file("json")).rejects.toBeInstanceOf(Unreachable);
  });
});
