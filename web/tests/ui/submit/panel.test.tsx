// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import type { Submission } from "../../../src/net/api.ts";
import { Problem } from "../../../src/net/http.ts";
import { AddTasks } from "../../../src/ui/submit/panel.tsx";
import { office } from "../../office.ts";
import { type Page, page } from "../page.tsx";

const CSV = `name,domain\n${Array.from({ length: 5 }, (_, index) => `Acme ${index},acme${index}.com`).join("\n")}\n`;

async function prepared(text = CSV, answers = {}): Promise<Page> {
  const view = await page(<AddTasks />, answers);
  await view.show(office());
  await view.app.draft.takeText(text, "table");
  await view.settle();
  return view;
}

function submitted(view: Page): readonly Submission[] {
  return view.asked.filter(([name]) => name === "submit").map(([, work]) => work as Submission);
}

describe("adding tasks", () => {
  it("shows the first rows as they were understood", async () => {
    const view = await prepared();
    expect(view.text(".file-head .dim")).toBe("5 rows, 2 columns, no empty name");
    expect(view.all(".preview tbody tr")).toHaveLength(4);
    expect(view.text(".more-rows")).toBe("and 1 more");
  });

  it("says what row 1 becomes", async () => {
    const view = await prepared();
    await view.type(".command input", 'claude -p "Research {name}"');
    expect(view.text(".row-one .mono")).toBe('claude -p "Research Acme 0"');
    expect(view.all(".row-one b").map((part) => part.textContent)).toEqual(["Acme 0"]);
  });

  it("inserts a column where it is pressed", async () => {
    const view = await prepared();
    await view.type(".command input", "./work.sh ");
    await view.press("{domain}");
    expect(view.app.draft.command.value).toBe("./work.sh {domain}");
  });

  it("says why it cannot start, and starts when it can", async () => {
    const view = await prepared();
    expect(view.text(".submit-foot .small")).toBe("Write the program to start");
    await view.type(".command input", "./work.sh {nmae}");
    expect(view.text(".submit-foot .small")).toBe("There is no column {nmae}");
    expect(view.all(".submit-foot .primary[disabled]")).toHaveLength(1);
    await view.type(".command input", "./work.sh {name}");
    await view.press("Start 5 tasks");
    expect(submitted(view)).toMatchObject([{ kind: "command", params: { argv: ["./work.sh", "{name}"] }, title: "name" }]);
    expect(view.app.view.panel.value.kind).toBe("sidebar");
    expect(view.app.draft.table.value).toBeUndefined();
  });

  it("tries three first, and shows what comes of them", async () => {
    const view = await prepared();
    await view.type(".command input", "./work.sh {name}");
    await view.press("Try three");
    expect(submitted(view)).toMatchObject([{ tryFirst: 3 }]);
    expect(view.app.view.panel.value).toEqual({ kind: "batch", id: "b9" });
  });

  it("names the bad rows and does not start", async () => {
    const view = await prepared("a,b\n1,2\n3\n");
    expect(view.all(".problems li").map((item) => item.textContent)).toEqual(["Row 2 has 1 cell, 2 expected"]);
    expect(view.text(".submit-foot .small")).toBe("1 thing to put right in the list");
  });

  it("keeps the list and says the server's reason when it refuses", async () => {
    const submit = () => Promise.reject(new Problem(400, "invalid_input", "Bad request", "program: there is no ./work.sh"));
    const view = await prepared(CSV, { submit });
    await view.type(".command input", "./work.sh {name}");
    await view.press("Start 5 tasks");
    expect(view.text(".submit-foot .small")).toBe("program: there is no ./work.sh");
    expect(view.app.draft.table.value?.rows).toHaveLength(5);
  });

  it("sends the same order under the same key, another under another", async () => {
    const keys: string[] = [];
    const submit = (_work: Submission, key: string) => {
      keys.push(key);
      return Promise.reject(new Error("no answer"));
    };
    const view = await prepared(CSV, { submit });
    await view.type(".command input", "./work.sh {name}");
    await view.press("Start 5 tasks");
    await view.press("Start 5 tasks");
    await view.type(".command input", "./other.sh {name}");
    await view.press("Start 5 tasks");
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it("starts a demo of so many seconds", async () => {
    const view = await prepared();
    await view.press("Demo");
    expect(view.text(".part .honey")).toContain("A demo only waits");
    await view.press("Start 5 tasks");
    expect(submitted(view)).toMatchObject([{ kind: "demo", params: { seconds: [4, 12] } }]);
  });

  it("takes pasted lines", async () => {
    const view = await page(<AddTasks />);
    await view.show(office());
    await view.press("Paste lines");
    await view.type("textarea", "one\ntwo\n");
    expect(view.text(".submit-foot .primary")).toBe("Start 2 tasks");
    expect(view.all("textarea")).toHaveLength(1);
    view.element.querySelector("textarea")?.dispatchEvent(new Event("blur"));
    await view.settle();
    expect(view.text(".file-head .dim")).toBe("2 lines");
  });
});
