import { describe, expect, it } from "vitest";
import { type Ask, createHttp, freshKey, Problem, Unreachable, url } from "../../src/net/http.ts";

function answering(status: number, body: string) {
  const asked: Array<readonly [string, RequestInit]> = [];
  let signedOut = 0;
  const http = createHttp(
    async (where, init) => {
      asked.push([where, init]);
      return new Response(status === 204 ? null : body, { status });
    },
    () => {
      signedOut += 1;
    },
  );
  return { http, asked, signedOut: () => signedOut };
}

const PROBLEM = JSON.stringify({ type: "about:blank", title: "Conflict", status: 409, detail: "It has ended.", code: "already_ended" });

describe("http", () => {
  it("asks below the version and leaves empty parameters out", () => {
    expect(url("/batches", { name: "a b", kind: undefined, q: "", limit: 3 })).toBe("/api/v1/batches?name=a+b&limit=3");
  });

  it("gives what was answered, or nothing for an empty answer", async () => {
    expect(await answering(200, '{"a":1}').http.ask("/x")).toEqual({ a: 1 });
    expect(await answering(204, "").http.ask("/x", { method: "DELETE" })).toBeUndefined();
  });

  it("gives lines as they came", async () => {
    expect(await answering(200, '{"a":1}\n{"b":2}\n').http.text("/x")).toBe('{"a":1}\n{"b":2}\n');
    await expect(answering(409, PROBLEM).http.text("/x")).rejects.toBeInstanceOf(Problem);
  });

  it("makes a problem a typed error", async () => {
    const failure = await answering(409, PROBLEM)
      .http.ask("/x")
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Problem);
    expect(failure).toMatchObject({ status: 409, code: "already_ended", message: "It has ended." });
  });

  it("still says the status of an answer that is no problem document", async () => {
    await expect(answering(502, "<html>").http.ask("/x")).rejects.toMatchObject({ status: 502, code: "unknown" });
  });

  it("says so when nothing answers", async () => {
    const http = createHttp(
      () => Promise.reject(new TypeError("failed")),
      () => undefined,
    );
    await expect(http.ask("/x")).rejects.toBeInstanceOf(Unreachable);
  });

  it("reports every 401 once", async () => {
    const { http, signedOut } = answering(401, "");
    await http.ask("/x").catch(() => undefined);
    expect(signedOut()).toBe(1);
  });

  it.each<[Ask, string]>([
    [{ method: "POST", key: "abc" }, "abc"],
    [{ method: "POST" }, "any"],
  ])("gives every POST a key", async (ask, key) => {
    const { http, asked } = answering(204, "");
    await http.ask("/x", ask);
    const sent = new Headers(asked[0]?.[1].headers).get("idempotency-key");
    if (key === "any") expect(sent).toMatch(/^[0-9a-f]{32}$/);
    else expect(sent).toBe(key);
  });

  it("makes keys that differ", () => {
    expect(new Set(Array.from({ length: 100 }, freshKey)).size).toBe(100);
  });
});
