import { describe, expect, it } from "vitest";
import { demoOf, faultOf, nameOf, type Order, submissionOf } from "../../../src/ui/submit/order.ts";
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

  it("refuses what has a fault", () => {
    expect(() => submissionOf({ ...ORDER, command: "" })).toThrow("expected a draft without fault");
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
