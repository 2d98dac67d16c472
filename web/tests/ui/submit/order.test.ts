import { describe, expect, it } from "vitest";
import { demoOf, faultOf, markOf, nameOf, type Order, submissionOf } from "../../../src/ui/submit/order.ts";
import type { Table } from "../../../src/ui/submit/table.ts";
import { NO_CHAT, NO_HTTP } from "../../../src/ui/submit/wish.ts";

const TABLE: Table = { form: "table", columns: ["name", "city"], rows: [["Acme", "Jena"]], problems: [], wrong: 0 };
const ORDER: Order = {
  table: TABLE,
  text: "name,city\nAcme,Jena\n",
  file: "companies.csv",
  title: "name",
  kind: "command",
  command: './work.sh "{name}"',
  seconds: [4, 12],
  fails: 0,
  chat: NO_CHAT,
  http: NO_HTTP,
  python: "",
};

describe("faultOf", () => {
  it.each<[string, Partial<Order>, string | undefined]>([
    ["nothing", {}, undefined],
    ["no list", { table: undefined }, "Add tasks first"],
    ["bad rows", { table: { ...TABLE, wrong: 2 } }, "2 things to put right in the list"],
    ["no command", { command: "  " }, "Write the program to start"],
    ["an open quote", { command: 'x "y' }, "A quote is left open in the command"],
    ["an unknown field", { command: "x {nmae}" }, "There is no column {nmae}"],
    ["seconds the wrong way round", { kind: "demo", seconds: [9, 2] }, "Seconds go from 0 to 3,600, the smaller first"],
    ["a command that a demo does not need", { kind: "demo", command: "" }, undefined],
  ])("is %s: %o", (_what, parts, fault) => {
    expect(faultOf({ ...ORDER, ...parts })).toBe(fault);
  });

  it("is a brace that stands alone", () => {
    expect(faultOf({ ...ORDER, command: "x {name" })).toContain("A brace stands alone");
  });
});

describe("submissionOf", () => {
  it("sends arguments, never a line for a shell", () => {
    expect(submissionOf(ORDER, { first: 3 })).toEqual({
      name: "companies",
      kind: "command",
      params: { argv: ["./work.sh", "{name}"] },
      type: "application/x-ndjson",
      text: '{"name":"Acme","city":"Jena"}',
      title: "name",
      tryFirst: 3,
    });
  });

  it("sends a demo's seconds and share of failures", () => {
    expect(submissionOf({ ...ORDER, kind: "demo", fails: 5 }).params).toEqual({ seconds: [4, 12], fail: 0.05 });
    expect(submissionOf({ ...ORDER, kind: "demo", seconds: [2, 2] }).params).toEqual({ seconds: 2 });
  });

  it("sends attempts and seconds where others are wished", () => {
    expect(submissionOf({ ...ORDER, attempts: 4, minutes: 30 })).toMatchObject({ attempts: 4, timeout: 1_800 });
    expect(faultOf({ ...ORDER, attempts: 21 })).toBe("Attempts go from 1 to 20");
    expect(faultOf({ ...ORDER, minutes: 0 })).toBe("Minutes go from 1 to 10,080");
  });

  const HTTP = { url: "https://x.example/{city}", headers: [{ name: "X-Key", value: "secret" }] };

  it("keeps headers out of the address: the body holds the order", () => {
    const sent = submissionOf({ ...ORDER, kind: "http", http: HTTP, attempts: 2 }, { first: 1 });
    expect(sent.type).toBe("application/json");
    expect(JSON.parse(sent.text)).toEqual({
      name: "companies",
      kind: "http",
      params: { url: "https://x.example/{city}", headers: { "X-Key": "secret" } },
      attempts: 2,
      try: 1,
      tasks: [{ title: "Acme", input: { name: "Acme", city: "Jena" } }],
    });
    expect(submissionOf({ ...ORDER, kind: "http", http: { ...HTTP, headers: [] } }).type).toBe("application/x-ndjson");
  });

  it("keeps pages of text out of the address, too, and numbers as they came", () => {
    const text = '{"id":12345678901234567890,"name":"Acme"}\n\n{"id":2,"name":"Birch"}\n';
    const rows = [
      ["12345678901234567890", "Acme"],
      ["2", "Birch"],
    ];
    const table: Table = { ...TABLE, form: "ndjson", columns: ["id", "name"], rows };
    const chat = { ...NO_CHAT, prompt: `{name} ${"x".repeat(3_000)}`, model: "small" };
    const sent = submissionOf({ ...ORDER, table, text, kind: "chat", chat });
    expect(sent.text).toContain('{"title":"Acme","input":{"id":12345678901234567890,"name":"Acme"}}');
    expect(JSON.parse(sent.text).tasks).toHaveLength(2);
  });

  it("sends the other rows after a trial, whatever the list was", () => {
    const table = { ...TABLE, rows: [...TABLE.rows, ["Birch", "Ulm"], ["Cobalt", "Bonn"]] };
    expect(submissionOf({ ...ORDER, table }, { after: 2 }).text).toBe('{"name":"Cobalt","city":"Bonn"}');
    const lines: Table = { ...TABLE, form: "lines", columns: ["line"], rows: [["a"], ["b"], ["c"]] };
    expect(submissionOf({ ...ORDER, table: lines, command: "x", text: "a\nb\nc" }, { after: 2 }).text).toBe("c");
    const objects: Table = { ...table, form: "ndjson" };
    const text = '{"name":"Acme"}\n\n{"name":"Birch"}\n{"name":"Cobalt"}\n';
    expect(submissionOf({ ...ORDER, table: objects, text }, { after: 1 }).text).toBe('{"name":"Birch"}\n{"name":"Cobalt"}');
  });

  it("refuses what has a fault", () => {
    expect(() => submissionOf({ ...ORDER, command: "" })).toThrow("expected a draft without fault");
  });
});

describe("markOf", () => {
  it("differs with what is done, not with the batch's name", () => {
    expect(markOf({ ...ORDER, name: "other" })).toBe(markOf(ORDER));
    expect(markOf({ ...ORDER, command: "./other.sh" })).not.toBe(markOf(ORDER));
    expect(markOf({ ...ORDER, attempts: 3 })).not.toBe(markOf(ORDER));
  });
});

describe("nameOf", () => {
  it("is what the person says, else the file's, else the program's", () => {
    expect(nameOf({ ...ORDER, name: " Research " })).toBe("Research");
    expect(nameOf(ORDER)).toBe("companies");
    expect(nameOf({ ...ORDER, file: undefined })).toBe("work.sh");
    expect(nameOf({ ...ORDER, file: undefined, kind: "demo" })).toBe("Demo of 1 task");
  });
});

describe("demoOf", () => {
  it("is called a demo in its name and has a title for each task", () => {
    const demo = demoOf(20);
    expect(demo).toMatchObject({ name: "Demo of 20 tasks", kind: "demo", type: "text/plain" });
    expect(demo.text.split("\n")).toHaveLength(20);
  });
});
