import { describe, expect, it } from "vitest";
import { connection, hear, PAUSE_MS, SILENT, sentences, speak } from "../../src/ui/say.ts";
import { office, withDesk } from "../office.ts";

const before = withDesk(office(), 3, { activity: "working", title: "Acme" });
const failed = withDesk(before, 3, { activity: "failed", reason: "unreachable" });
const batch = { name: "Research", state: "running", total: 5, done: 4, failed: 1, running: 0, order: 0 } as const;

describe("what there is to say", () => {
  it("is a failure with its reason, once", () => {
    expect(sentences(before, failed, {}, 0)).toEqual([{ text: "Acme failed: site not reachable.", rank: 0 }]);
    expect(sentences(failed, withDesk(failed, 3, { note: "x" }), {}, 0)).toEqual([]);
  });

  it("is a batch that has ended", () => {
    const running = office({ batches: { a: batch } });
    const done = office({ batches: { a: { ...batch, state: "done" } } });
    expect(sentences(running, done, {}, 0)).toEqual([{ text: "Batch Research has ended: 4 done, 1 failed.", rank: 0 }]);
  });

  it("is that the queue stops and goes on", () => {
    const blocked = office({ queue: { waiting: 3, blocked: "quota", until: Date.UTC(2026, 11, 1) } });
    expect(sentences(office(), blocked, {}, 0)[0]?.text).toBe("The queue starts nothing now: waiting for quota, until 1 Dec.");
    expect(sentences(blocked, office(), {}, 0)[0]?.text).toBe("The queue goes on.");
  });

  it("is the figures, when what runs has changed", () => {
    const busy = office({ office: { ...office().office, running: 3 }, queue: { waiting: 47 } });
    expect(sentences(office(), busy, {}, 0)).toEqual([{ text: "3 running, 47 waiting.", rank: 2 }]);
  });
});

describe("the connection", () => {
  it("is spoken of when it goes and when it is back", () => {
    expect(connection(false, true, 12_400)[0]?.text).toBe("The connection is gone. What is shown is 12 s old.");
    expect(connection(true, false, 0)[0]?.text).toBe("Live again.");
    expect(connection(true, true, 20_000)).toEqual([]);
  });
});

describe("a voice", () => {
  const figures = (text: string) => ({ text, rank: 2 }) as const;

  it("says one sentence in ten seconds at most", () => {
    const voice = hear(SILENT, [figures("a"), { text: "b", rank: 1 }]);
    const [after, first] = speak(voice, 50_000);
    expect(first).toBe("b");
    expect(speak(after, 50_000 + PAUSE_MS - 1)[1]).toBeUndefined();
    expect(speak(after, 50_000 + PAUSE_MS)[1]).toBe("a");
  });

  it("says failures first, in the order they came", () => {
    const voice = hear(hear(SILENT, [figures("a"), { text: "first", rank: 0 }]), [{ text: "second", rank: 0 }]);
    expect(voice.waiting.map((sentence) => sentence.text)).toEqual(["first", "second", "a"]);
  });

  it("forgets figures that are no longer true", () => {
    const voice = hear(hear(SILENT, [figures("old")]), [figures("new")]);
    expect(voice.waiting.map((sentence) => sentence.text)).toEqual(["new"]);
  });

  it("keeps no endless list", () => {
    const many = Array.from({ length: 50 }, (_, index) => ({ text: String(index), rank: 0 }) as const);
    expect(hear(SILENT, many).waiting).toHaveLength(20);
  });

  it("is silent where there is nothing to say", () => {
    expect(hear(SILENT, [])).toBe(SILENT);
    expect(speak(SILENT, 0)).toEqual([SILENT, undefined]);
  });
});
