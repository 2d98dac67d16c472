// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import type { Submission } from "../../../src/net/api.ts";
import { Problem } from "../../../src/net/http.ts";
import { AddTasks } from "../../../src/ui/submit/panel.tsx";
import { office } from "../../office.ts";
import { NOW, type Page, page } from "../page.tsx";

const CSV = `name,domain\n${Array.from({ length: 5 }, (_, index) => `Acme ${index},acme${index}.com`).join("\n")}\n`;

async function prepared(text = CSV, answers = {}): Promise<Page> {
  const view = await page(<AddTasks />, answers);
  await view.show(office());
  view.app.view.open({ kind: "add" });
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

  it("starts the others after a trial, and all once something was changed", async () => {
    const view = await prepared();
    await view.type(".command input", "./work.sh {name}");
    await view.press("Try three");
    const again = await page(<AddTasks />, {}, view.app);
    await again.settle();
    expect(again.text(".submit-foot .primary")).toBe("Start the other 2");
    expect(again.text(".submit-foot")).toContain("The first 3 were tried. See what came of them");
    await again.type(".command input", "./better.sh {name}");
    expect(again.text(".submit-foot .primary")).toBe("Start 5 tasks");
    await again.type(".command input", "./work.sh {name}");
    await again.press("Start the other 2");
    const sent = submitted(view).at(-1);
    expect(sent?.text).toBe('{"name":"Acme 3","domain":"acme3.com"}\n{"name":"Acme 4","domain":"acme4.com"}');
  });

  it("says what the server promises of the batch", async () => {
    const view = await prepared();
    await view.type(".command input", "./work.sh {name}");
    await view.press("Start 5 tasks");
    expect(view.app.draft.started.value).toEqual({ id: "b9", name: "work.sh", total: 5, eta: [NOW + 60_000, NOW + 90_000] });
  });

  it("offers the kinds that may be used here, and the first of them where the wish cannot be had", async () => {
    const kinds = () =>
      Promise.resolve([
        { name: "command", attempts: 1, allowed: false },
        { name: "chat", attempts: 3, allowed: true },
        { name: "telepathy", attempts: 1, allowed: true },
        { name: "demo", attempts: 1, allowed: true },
      ]);
    const view = await prepared(CSV, { kinds });
    expect(view.all(".kind").map((button) => button.textContent)).toEqual(["Chat", "Demo"]);
    expect(view.text(".kind.on")).toBe("Chat");
    expect(view.text(".inserts")).toContain("3 attempts, 20 min at most");
  });

  it("fills a prompt and a system prompt, and asks for JSON by a schema", async () => {
    const view = await prepared();
    await view.press("Chat");
    await view.press("{name}");
    expect(view.app.draft.chat.value.prompt).toBe("{name}");
    await view.type(".tall textarea", "Who is {name}?");
    await view.type("#model", "small");
    await view.type(".model-and-system .template input", "Mind {domain}.");
    expect(view.text(".asked")).toBe("System: Mind acme0.com.Who is Acme 0?");
    await view.press("Ask for JSON by a schema");
    await view.type(".schema", '{"type": ');
    expect(view.text(".submit-foot .small")).toBe("The schema is not JSON: line 1, column 10");
    await view.type(".schema", '{"type": "object"}');
    await view.press("Start 5 tasks");
    const params = { prompt: "Who is {name}?", model: "small", system: "Mind {domain}.", schema: { type: "object" } };
    expect(submitted(view)).toMatchObject([{ kind: "chat", params, title: "name" }]);
  });

  it("sends headers once and shows their values never", async () => {
    const view = await prepared();
    await view.press("HTTP");
    await view.type(".template input", "https://x.example/{domain}?q={name}");
    expect(view.text(".row-one .mono")).toBe("POST https://x.example/acme0.com?q=Acme%200");
    await view.press("Add a header");
    await view.type(".header-name input", "Authorization");
    await view.type("input[type=password]", "Bearer secret");
    expect(view.element.textContent).not.toContain("secret");
    await view.press("Start 5 tasks");
    expect(submitted(view)[0]?.type).toBe("application/json");
    expect(JSON.parse(submitted(view)[0]?.text ?? "").params.headers).toEqual({ Authorization: "Bearer secret" });
    expect(view.app.draft.http.value.headers).toEqual([{ name: "Authorization", value: "" }]);
  });

  it("shows how one's own runners lease: two lines, and nothing to fill in", async () => {
    const view = await prepared();
    await view.press("External");
    const lines = view.all(".lease-lines > div").map((line) => line.textContent ?? "");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain("/api/v1/leases ");
    await view.press("Start 5 tasks");
    expect(submitted(view)).toMatchObject([{ kind: "external", params: {} }]);
  });

  it("says beneath the form what the server has against it, until something is changed", async () => {
    const submit = () =>
      Promise.reject(new Problem(400, "invalid", "no", "python: expected the name of an installed function (a, b), got 'c'"));
    const view = await prepared(CSV, { submit });
    await view.press("Python");
    await view.type(".command input", "c");
    await view.press("Start 5 tasks");
    expect(view.text(".refusal")).toBe("python: expected the name of an installed function (a, b), got 'c'");
    await view.type(".command input", "a");
    expect(view.text(".refusal")).toBeUndefined();
  });

  it("says beneath the list which row the server refuses", async () => {
    const submit = () =>
      Promise.reject(new Problem(400, "invalid", "no", "tasks[16].input: expected an object (line 18, column 3)", { line: 18 }));
    const view = await prepared(CSV, { submit });
    await view.type(".command input", "./work.sh");
    await view.press("Start 5 tasks");
    expect(view.all(".part")[0]?.querySelector(".refusal")?.textContent).toContain("Row 17.input: expected an object");
  });

  it("asks for attempts and minutes where others are wished", async () => {
    const view = await prepared();
    await view.type(".command input", "./work.sh");
    await view.press("Change");
    const [attempts, minutes] = view.all(".limits input") as HTMLInputElement[];
    expect([attempts?.value, minutes?.value]).toEqual(["1", "20"]);
    await view.type(".limits input", "4");
    await view.press("Start 5 tasks");
    expect(submitted(view)).toMatchObject([{ attempts: 4 }]);
    expect(submitted(view)[0]?.timeout).toBeUndefined();
  });

  it("says what the quota holds back", async () => {
    const held = {
      tier: "pro",
      workers: 10,
      minutes: 1,
      each: 60,
      basis: "assumed",
      now: 2,
      later: 3,
      resumes: Date.UTC(2026, 11, 1),
    } as const;
    const view = await prepared(CSV, { estimates: () => Promise.resolve([held]) });
    await view.settle();
    expect(view.text(".submit-foot b")).toBe("2 start now, 3 wait for 1 December");
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

  /** A list that is sent, and the panel closed before an answer came. */
  async function left() {
    const answers: Array<{ resolve(made: object): void; reject(error: Error): void }> = [];
    const submit = () => new Promise<object>((resolve, reject) => answers.push({ resolve, reject }));
    const view = await prepared(CSV, { submit });
    await view.type(".command input", "./work.sh {name}");
    await view.press("Start 5 tasks");
    expect(view.text(".submit-foot .primary")).toBe("Sending");
    view.app.view.back();
    const [answer] = answers;
    if (answer === undefined) throw new Error("expected a list that was sent");
    return { view, answer };
  }
  const made = { id: "b9", half: 60_000, most: 90_000 };

  it("tells that it was started, and shows nothing else, once the panel is closed", async () => {
    const { view, answer } = await left();
    view.app.view.open({ kind: "share" });
    answer.resolve(made);
    await view.settle();
    expect(view.app.view.panel.value.kind).toBe("share");
    expect(view.app.draft.started.value?.total).toBe(5);
    expect(view.app.draft.table.value).toBeUndefined();
  });

  it("leaves another list that is prepared by then as it is", async () => {
    const { view, answer } = await left();
    view.app.view.open({ kind: "add" });
    await view.app.draft.takeText("one\ntwo\n", "lines");
    answer.resolve(made);
    await view.settle();
    expect(view.app.view.panel.value.kind).toBe("add");
    expect(view.app.draft.table.value?.rows).toHaveLength(2);
    expect(view.app.draft.started.value?.total).toBe(5);
  });

  it("says by its name that a list was refused, once another one is prepared", async () => {
    const { view, answer } = await left();
    view.app.view.open({ kind: "add" });
    await view.app.draft.takeText("one\ntwo\n", "lines");
    view.app.view.open({ kind: "share" });
    answer.reject(new Problem(400, "invalid_input", "Bad request", "program: there is no ./work.sh"));
    await view.settle();
    expect(view.app.view.panel.value.kind).toBe("add");
    expect(view.text(".submit-foot .red")).toBe("work.sh: program: there is no ./work.sh");
    expect(view.app.draft.table.value?.rows).toHaveLength(2);
  });

  it("is still on its way when the panel is opened again, and comes back when it is refused", async () => {
    const { view, answer } = await left();
    const again = await page(<AddTasks />, {}, view.app);
    await again.settle();
    expect(again.text(".submit-foot .primary")).toBe("Sending");
    view.app.view.open({ kind: "sidebar" });
    answer.reject(new Problem(400, "invalid_input", "Bad request", "program: there is no ./work.sh"));
    await again.settle();
    expect(view.app.view.panel.value.kind).toBe("add");
    expect(again.text(".submit-foot .small")).toBe("program: there is no ./work.sh");
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
