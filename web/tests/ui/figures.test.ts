/** The small pure parts that stand beside a component: lines, summaries, verdicts. */
import { describe, expect, it } from "vitest";
import { Problem, Unreachable } from "../../src/net/http.ts";
import type { Task } from "../../src/net/shapes.ts";
import type { Estimate } from "../../src/net/tiers.ts";
import { figuresOf } from "../../src/ui/figures.ts";
import { hue, letter } from "../../src/ui/hue.ts";
import { tabTitle } from "../../src/ui/live.tsx";
import { grown, type LogState, linesOf } from "../../src/ui/log.tsx";
import { pretty, readable, summary } from "../../src/ui/readable.ts";
import { GUEST, MEMBER } from "../../src/ui/rights.ts";
import { sparkline } from "../../src/ui/speed.tsx";
import { took } from "../../src/ui/tasktable.tsx";
import { soonerPlan } from "../../src/ui/tierline.tsx";
import { failureWords } from "../../src/ui/trouble.ts";
import { failedWords } from "../../src/ui/words.ts";
import { office } from "../office.ts";

const BATCH = { name: "Research", state: "running", total: 10, done: 4, failed: 1, running: 2, order: 0 } as const;
const TASK: Task = { id: "t", batch: "b", title: "Acme", state: "done", attempts: 1, input: {}, executions: [] };

describe("a batch's hue and letter", () => {
  it("start again at a with the ninth, whose letter is I", () => {
    expect([hue(0), hue(8), letter(8), letter(26)]).toEqual(["var(--hue-a)", "var(--hue-a)", "I", "A"]);
    expect(hue(undefined)).toBe("var(--ink-3)");
  });
});

describe("figuresOf", () => {
  it("counts what waits from the live state", () => {
    expect(figuresOf(BATCH, undefined)).toMatchObject({ waiting: 3, cancelled: 0 });
  });

  it("takes what a cancelled batch has left for cancelled", () => {
    expect(figuresOf({ ...BATCH, state: "cancelled", running: 0 }, undefined)).toMatchObject({ waiting: 0, cancelled: 5 });
  });

  it("is nothing while nothing is known", () => {
    expect(figuresOf(undefined, undefined)).toBeUndefined();
  });
});

describe("results", () => {
  it("are summed up in one line", () => {
    expect(summary("plain", "command")).toBe("plain");
    expect(summary({ text: "  4 suppliers\n" }, "command")).toBe("4 suppliers");
    expect(summary({ lines: 120, imports: ["os"] }, "command")).toBe('lines 120, imports ["os"]');
    expect(summary([1, 2], "command")).toBe("[1,2]");
    expect(summary(undefined, "command")).toBe("");
    expect(summary({ title: "A", text: "two\nlines" }, "http")).toBe("two lines · title A");
  });

  it("say why they failed, with the server's sentence where it has one", () => {
    expect(failedWords("exit", "exit 1: no such host")).toBe("Program ended with code 1: no such host");
    expect(failedWords("exit", "exit 3")).toBe("Program ended with code 3");
    expect(failedWords("timeout", undefined)).toBe("Timed out");
    expect(failedWords("invalid", "expected a number")).toBe("The answer did not fit: expected a number");
    expect(failedWords(undefined, undefined)).toBe("Failed");
  });

  it("took as long as the last attempt", () => {
    const executions = [
      { id: "a", attempt: 1, state: "failed", started: 0, ended: 5 },
      { id: "b", attempt: 2, state: "done", started: 10, ended: 40 },
    ] as const;
    expect(took({ ...TASK, executions })).toBe(30);
    expect(took(TASK)).toBeUndefined();
  });

  it("are shown as one reads them", () => {
    expect(pretty({ a: 1 })).toBe('{\n  "a": 1\n}');
    expect(pretty("text")).toBe("text");
  });

  it("of a chat are its answer, and what it took in a line of its own", () => {
    const answer = { text: " Lenses. ", input_tokens: 1_200, output_tokens: 4, cost: 0.00012, cut: true };
    expect(readable(answer, "chat")).toEqual({
      text: "Lenses.",
      fields: [],
      usage: "1,200 tokens in, 4 tokens out, $0.00012, cut before its end",
    });
    expect(summary(answer, "chat")).toBe("Lenses.");
  });

  it("of a chat keep a field that is called like what it took", () => {
    const answer = { cost: "high", mood: "calm", usage_cost: 0.5, input_tokens: 3 };
    expect(readable(answer, "chat")).toEqual({
      text: undefined,
      fields: [
        ["cost", "high"],
        ["mood", "calm"],
      ],
      usage: "3 tokens in, $0.5",
    });
  });

  it("of other kinds keep all their fields, nested ones as JSON", () => {
    expect(readable({ cost: 3, tags: ["a"] }, "http").fields).toEqual([
      ["cost", "3"],
      ["tags", '[\n  "a"\n]'],
    ]);
    expect(readable(undefined, "http")).toEqual({ fields: [], usage: "" });
  });
});

describe("a log", () => {
  const line = (text: string) => ({ at: 0, text });
  const HERE: LogState = { kind: "here", lines: [line("a")] };

  it("grows by what came", () => {
    expect(linesOf(grown(HERE, { lines: [line("b")], next: 2, ended: false })).map((each) => each.text)).toEqual(["a", "b"]);
  });

  it("keeps its identity when nothing came", () => {
    expect(grown(HERE, { lines: [], next: 1, ended: false })).toBe(HERE);
  });

  it("keeps the newest two thousand", () => {
    const lines = Array.from({ length: 2_500 }, (_, index) => line(String(index)));
    const all = linesOf(grown(HERE, { lines, next: 9, ended: true }));
    expect([all.length, all.at(-1)?.text]).toEqual([2_000, "2499"]);
  });
});

describe("sparkline", () => {
  it("goes from edge to edge, the highest at the top", () => {
    expect(sparkline([0, 50, 100], 100, 26)).toBe("0.0,24.0 50.0,14.0 100.0,4.0");
  });
});

describe("soonerPlan", () => {
  const estimate = (tier: string, minutes: number, parts: Partial<Estimate> = {}): Estimate => ({
    tier,
    workers: 1,
    minutes,
    each: 30,
    basis: "measured",
    now: 9,
    later: 0,
    ...parts,
  });

  it("is the first that saves a fifth or more", () => {
    const all = [estimate("free", 100), estimate("starter", 34), estimate("pro", 28), estimate("enterprise", 5)];
    expect(soonerPlan(all, "starter")).toEqual({ tier: "enterprise", sooner: 5, now: 34 });
    expect(soonerPlan(all, "free")).toEqual({ tier: "starter", sooner: 34, now: 100 });
  });

  it("is not said over a quota, from an assumption, or where nothing is better", () => {
    const better = estimate("pro", 5);
    expect(soonerPlan([estimate("free", 50, { later: 4 }), better], "free")).toBeUndefined();
    expect(soonerPlan([estimate("free", 50, { basis: "assumed" }), better], "free")).toBeUndefined();
    expect(soonerPlan([better, estimate("enterprise", 4.5)], "pro")).toBeUndefined();
    expect(soonerPlan([], "pro")).toBeUndefined();
  });
});

describe("the tab's title", () => {
  it("counts what is being worked on, and is the name alone otherwise", () => {
    expect(tabTitle(office({ batches: { a: BATCH } }), MEMBER)).toBe("5/10 Juniper Research");
    expect(tabTitle(office({ batches: { a: { ...BATCH, state: "done" } } }), MEMBER)).toBe("Juniper Research");
    expect(tabTitle(undefined, MEMBER)).toBe("Ten Desks");
  });

  it("calls an office that nobody has named yours only to its members", () => {
    const unnamed = office({ office: { id: "o", name: "Your office", tier: "pro", slots: 10, running: 0 } });
    expect(tabTitle(unnamed, MEMBER)).toBe("Your office");
    expect(tabTitle(unnamed, GUEST)).toBe("Ten Desks");
    expect(tabTitle(office(), GUEST)).toBe("Juniper Research");
  });
});

describe("a request that failed", () => {
  it("speaks in the server's words, or says that there was no answer", () => {
    expect(failureWords(new Problem(409, "already_ended", "Conflict", "It has ended."))).toBe("It has ended.");
    expect(failureWords(new Unreachable("x"))).toBe("The server does not answer. Nothing was changed.");
    expect(failureWords(new TypeError("x"))).toBe("That did not work.");
  });
});
