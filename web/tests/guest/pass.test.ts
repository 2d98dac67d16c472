import { describe, expect, it } from "vitest";
import { guestFetch } from "../../src/guest/fetch.ts";
import { Crowded, createPasses, exchange, FRESH_MS, LinkEnded, type Pass, readPass } from "../../src/guest/pass.ts";
import { guestWire } from "../../src/guest/wire.ts";
import { type Ask, createHttp, type Fetch, type Http, Problem } from "../../src/net/http.ts";
import type { Wire } from "../../src/net/socket.ts";

const PASS: Pass = { grant: "tdg_1", view: "batches", shows: { kind: "office", id: "juniper" } };
const settled = () => new Promise((resolve) => setTimeout(resolve));

/** Grants by number, on a clock that stands still until it is moved. */
function passes(fail: () => Error | undefined = () => undefined) {
  let asked = 0;
  let at = 0;
  const made = createPasses(
    async () => {
      asked += 1;
      const error = fail();
      if (error !== undefined) throw error;
      return { ...PASS, grant: `tdg_${asked}` };
    },
    () => at,
  );
  const move = (ms: number) => {
    at += ms;
  };
  return { passes: made, asked: () => asked, move };
}

const ended = new LinkEnded(404, "link_ended", "This link has ended", undefined);
const crowded = new Crowded(429, "too_many", "Too many at once", undefined);

describe("a pass", () => {
  it("says what it shows, and how much of it", () => {
    const told = { grant: "tdg_1", expires: "2026-11-30T10:10:00Z", view: "titles", name: "Juniper" };
    expect(readPass({ ...told, office: "juniper" }).shows).toEqual({ kind: "office", id: "juniper" });
    const stretch = { from: "2026-11-30T09:00:00Z", to: "2026-11-30T09:00:02.500Z" };
    expect(readPass({ ...told, recording: "r1", ...stretch })).toMatchObject({
      shows: { kind: "recording", id: "r1" },
      from: Date.UTC(2026, 10, 30, 9),
      to: Date.UTC(2026, 10, 30, 9, 0, 2, 500),
    });
    expect(readPass({ ...told, batch: "b1" })).toMatchObject({ shows: { kind: "batch", id: "b1" }, name: "Juniper", view: "titles" });
    expect(() => readPass(told)).toThrow("pass.office: expected text, got undefined");
  });

  it("is exchanged for the id and the secret, in the body alone", async () => {
    const asked: Array<readonly [string, Ask | undefined]> = [];
    const http: Http = {
      text: () => Promise.reject(new Error("no text is asked for")),
      file: () => Promise.reject(new Error("no file is asked for")),
      ask: (path: string, what?: Ask) => {
        asked.push([path, what]);
        return Promise.resolve({ grant: "tdg_1", view: "batches", office: "juniper" });
      },
    };
    await exchange(http, "k7q", "secret");
    expect(asked).toEqual([["/links/exchange", { method: "POST", json: { id: "k7q", secret: "secret" } }]]);
  });

  it.each([
    [404, LinkEnded],
    [400, LinkEnded],
    [429, Crowded],
    [503, Problem],
  ])("refused with %i is what it is", async (status, kind) => {
    const refuse = () => Promise.reject(new Problem(status, "code", "Title", undefined));
    const error = await exchange({ ask: refuse, text: refuse, file: refuse }, "k7q", "secret").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(kind);
    expect(error instanceof LinkEnded).toBe(kind === LinkEnded);
  });

  it("is no link that has ended where a proxy or a portal answers in the server's place", async () => {
    const refuse = () => Promise.reject(new Problem(404, "unknown", "The server answered 404", undefined));
    const error = await exchange({ ask: refuse, text: refuse, file: refuse }, "k7q", "secret").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Problem);
    expect(error).not.toBeInstanceOf(LinkEnded);
  });

  it("is renewed once it is old, and asked for once however many wait", async () => {
    const { passes: held, asked, move } = passes();
    const [first, second] = await Promise.all([held.fresh(), held.fresh()]);
    expect([first.grant, second.grant, asked()]).toEqual(["tdg_1", "tdg_1", 1]);
    move(FRESH_MS - 1);
    expect((await held.fresh()).grant).toBe("tdg_1");
    move(1);
    expect((await held.fresh()).grant).toBe("tdg_2");
  });

  it("is forgotten when the server no longer takes it, but not for an older one's sake", async () => {
    const { passes: held, asked } = passes();
    await held.fresh();
    held.forget("tdg_0");
    await held.fresh();
    expect(asked()).toBe(1);
    held.forget("tdg_1");
    expect((await held.fresh()).grant).toBe("tdg_2");
  });

  it("that was refused is asked for anew", async () => {
    let error: Error | undefined = crowded;
    const { passes: held } = passes(() => error);
    await expect(held.fresh()).rejects.toBe(crowded);
    error = undefined;
    expect((await held.fresh()).grant).toBe("tdg_2");
  });
});

describe("a guest's requests", () => {
  function fetching(...statuses: number[]) {
    const sent: Array<readonly [string, RequestInit]> = [];
    const fetch: Fetch = (url, init) => {
      sent.push([url, init]);
      return Promise.resolve(new Response('{"ok":true}', { status: statuses[sent.length - 1] ?? 200 }));
    };
    const grants = () => sent.map(([, init]) => new Headers(init.headers).get("authorization"));
    return { fetch, sent, grants };
  }

  it("carry the grant and no cookie", async () => {
    const { fetch, sent, grants } = fetching();
    const http = createHttp(guestFetch(fetch, passes().passes), () => undefined);
    expect(await http.ask("/recordings/r1")).toEqual({ ok: true });
    expect(grants()).toEqual(["Bearer tdg_1"]);
    expect(sent[0]?.[1].credentials).toBe("omit");
    expect(new Headers(sent[0]?.[1].headers).get("accept")).toBe("application/json");
  });

  it.each([401, 404])("are made once more with a fresh grant after %i", async (status) => {
    const { fetch, grants } = fetching(status);
    const http = createHttp(guestFetch(fetch, passes().passes), () => undefined);
    expect(await http.ask("/recordings/r1")).toEqual({ ok: true });
    expect(grants()).toEqual(["Bearer tdg_1", "Bearer tdg_2"]);
  });

  it("fail as what they are when the link has ended meanwhile", async () => {
    const { fetch } = fetching(404);
    let over: Error | undefined;
    const { passes: held } = passes(() => over);
    await held.fresh();
    over = ended;
    const http = createHttp(guestFetch(fetch, held), () => undefined);
    await expect(http.ask("/recordings/r1")).rejects.toBe(ended);
  });
});

describe("a guest's socket", () => {
  function wired(fail?: () => Error | undefined) {
    const inner: Array<Wire & { sent: string[]; closed: Array<number | undefined> }> = [];
    const open = () => {
      const sent: string[] = [];
      const closed: Array<number | undefined> = [];
      const wire = { sent, closed, send: (data: string) => void sent.push(data), close: (code?: number) => void closed.push(code) };
      inner.push({ ...wire, onopen: null, onmessage: null, onclose: null });
      return inner.at(-1) as Wire;
    };
    const held = passes(fail);
    const told: number[] = [];
    const codes: number[] = [];
    const wire = guestWire(open, held.passes, (code) => told.push(code));
    wire.onclose = ({ code }) => codes.push(code);
    return { wire, inner, held, told, codes };
  }

  it("opens once there is a grant, and says by what right and for which office", async () => {
    const { wire, inner } = wired();
    expect(inner).toHaveLength(0);
    await settled();
    wire.send(JSON.stringify({ type: "hello", epoch: 3, view: "batches", seq: 9 }));
    wire.send(JSON.stringify({ type: "ack", seq: 9 }));
    expect(inner[0]?.sent.map((data) => JSON.parse(data))).toEqual([
      { type: "hello", epoch: 3, view: "batches", seq: 9, token: "tdg_1", office: "juniper" },
      { type: "ack", seq: 9 },
    ]);
  });

  it("passes on what comes", async () => {
    const { wire, inner } = wired();
    const seen: unknown[] = [];
    wire.onopen = () => seen.push("open");
    wire.onmessage = ({ data }) => seen.push(data);
    await settled();
    inner[0]?.onopen?.();
    inner[0]?.onmessage?.({ data: "frame" });
    expect(seen).toEqual(["open", "frame"]);
  });

  it.each([
    [ended, 4403],
    [crowded, 4429],
    [new TypeError("no network"), 1006],
  ])("says a refused exchange as a close", async (error, code) => {
    const { codes, told, inner } = wired(() => error);
    await settled();
    expect([codes, told, inner.length]).toEqual([[code], [code], 0]);
  });

  it("takes a grant that is over for a reason to come again with another", async () => {
    const { inner, codes, held } = wired();
    await settled();
    inner[0]?.onclose?.({ code: 4401 });
    expect(codes).toEqual([1006]);
    expect((await held.passes.fresh()).grant).toBe("tdg_2");
  });

  it.each([4403, 4429, 1012])("says %i as it came", async (code) => {
    const { inner, codes, told } = wired();
    await settled();
    inner[0]?.onclose?.({ code });
    expect([codes, told]).toEqual([[code], [code]]);
  });

  it("that was closed before its grant came is never opened", async () => {
    const { wire, inner, codes } = wired();
    wire.close(1000);
    await settled();
    expect([inner.length, codes]).toEqual([0, []]);
  });
});
