import { describe, expect, it } from "vitest";
import { type Form, guessForm, payload, read, TASKS_MAX, type Table } from "../../../src/ui/submit/table.ts";

function table(text: string, form: Form = "table"): Table {
  const last = [...read(text, form)].at(-1);
  if (last === undefined || !("table" in last)) throw new Error("expected a table at the end");
  return last.table;
}

describe("a table", () => {
  it("has its first row for columns, without the space around them", () => {
    const read = table("\tname ;domain\nAcme;acme.com\n".trimStart());
    expect(read).toMatchObject({ columns: ["name", "domain"], rows: [["Acme", "acme.com"]], wrong: 0 });
  });

  it("names the row that has too few cells, and counts what it does not name", () => {
    const text = ["a,b,c,d", ...Array.from({ length: 16 }, () => "1,2,3,4"), ...Array.from({ length: 7 }, () => "1,2,3")].join("\n");
    const found = table(text);
    expect(found.problems[0]).toBe("Row 17 has 3 cells, 4 expected");
    expect(found.problems).toHaveLength(5);
    expect(found.wrong).toBe(7);
  });

  it.each([
    ["a,,c\n1,2,3", "Column 2 has no name"],
    ["a,b,a\n1,2,3", "Two columns are called a"],
    ["a,b\n", "There are no tasks in it"],
    ["", "There are no tasks in it"],
    ['a,b\n1,"2\n3,4', "Row 1 opens a quote that is never closed"],
  ])("of %j says: %s", (text, problem) => {
    expect(table(text).problems).toContain(problem);
  });

  it("says how many rows it has read so far of a long list", () => {
    const steps = [...read(`n\n${"1\n".repeat(9_000)}`, "table")];
    expect(steps.slice(0, -1)).toEqual([{ rows: 4_000 }, { rows: 8_000 }]);
  });

  it("refuses more than the limit", () => {
    expect(table("x\n".repeat(TASKS_MAX + 1), "lines").problems).toEqual(["100,001 rows, 100,000 at most"]);
  });
});

describe("lines", () => {
  it("are tasks without the space around them, blank ones passed over", () => {
    expect(table(" a \r\n\r\nb\n", "lines")).toMatchObject({ columns: ["line"], rows: [["a"], ["b"]] });
  });
});

describe("NDJSON", () => {
  it("has the names of all objects for columns", () => {
    const found = table('{"name":"Acme","size":3}\n{"name":"Birch","tags":["x"]}\n', "ndjson");
    expect(found.columns).toEqual(["name", "size", "tags"]);
    expect(found.rows).toEqual([
      ["Acme", "3"],
      ["Birch", "", '["x"]'],
    ]);
  });

  it("names the row that is no object", () => {
    expect(table('{"a":1}\n[2]\n', "ndjson").problems).toEqual(["Row 2 is not a JSON object"]);
  });
});

describe("guessForm", () => {
  it.each<[string, string | undefined, Form]>([
    ["a\nb", "list.csv", "table"],
    ["a,b\n1,2", "list.txt", "lines"],
    ['{"a":1}\n', undefined, "ndjson"],
    ['{"a":1}\n', "list.jsonl", "ndjson"],
    ["name,domain\nAcme,acme.com", undefined, "table"],
    ["name\tdomain\nAcme\tacme.com", undefined, "table"],
    ["Write to Bob, Ann and Eve\nCall Joe", undefined, "lines"],
    ["https://a.example\nhttps://b.example", undefined, "lines"],
  ])("of %j named %s is %s", (text, name, form) => {
    expect(guessForm(text, name)).toBe(form);
  });
});

describe("payload", () => {
  it("sends the very rows that were shown", () => {
    const text = 'name;note\n"Acme; Ltd";\n';
    expect(payload(table(text), text)).toEqual({ type: "application/x-ndjson", text: '{"name":"Acme; Ltd","note":""}' });
  });

  it("sends lines as lines and JSON as it came", () => {
    expect(payload(table(" a \nb", "lines"), " a \nb")).toEqual({ type: "text/plain", text: "a\nb" });
    const json = '{"n":12345678901234567890}';
    expect(payload(table(json, "ndjson"), json).text).toBe(json);
  });
});
