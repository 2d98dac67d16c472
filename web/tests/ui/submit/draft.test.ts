import { describe, expect, it } from "vitest";
import { createDraft } from "../../../src/ui/submit/draft.ts";

const breathe = () => Promise.resolve();

function file(name: string, text: string) {
  return Object.assign(new Blob([text]), { name });
}

describe("a draft", () => {
  it("reads a file and takes its first column for the title", async () => {
    const draft = createDraft(breathe);
    await draft.takeFile(file("list.csv", "name,city\nAcme,Jena\n"));
    expect(draft.step.value).toEqual({ at: "read" });
    expect(draft.table.value?.rows).toEqual([["Acme", "Jena"]]);
    expect(draft.title.value).toBe("name");
    expect(draft.source.value?.name).toBe("list.csv");
  });

  it("says when a file cannot be read", async () => {
    const draft = createDraft(breathe);
    const gone = Object.assign(new Blob(["x"]), { name: "gone.csv", arrayBuffer: () => Promise.reject(new Error("gone")) });
    await draft.takeFile(gone);
    expect(draft.step.value).toEqual({ at: "unreadable" });
  });

  it("reads pasted text again in another form", async () => {
    const draft = createDraft(breathe);
    await draft.takeText("a,b\n1,2\n");
    expect(draft.table.value?.form).toBe("table");
    await draft.reform("lines");
    expect(draft.table.value?.rows).toEqual([["a,b"], ["1,2"]]);
  });

  it("counts while one types, and shows the rows when one is done", async () => {
    const draft = createDraft(breathe);
    draft.paste();
    await draft.typing("one\ntwo");
    expect([draft.step.value.at, draft.table.value?.rows.length]).toEqual(["pasting", 2]);
    draft.typed();
    expect(draft.step.value.at).toBe("read");
    draft.paste();
    await draft.typing("  ");
    draft.typed();
    expect([draft.step.value.at, draft.table.value]).toEqual(["pasting", undefined]);
  });

  it("drops a slow reading when another list comes", async () => {
    const draft = createDraft(breathe);
    const slow = draft.takeText(`n\n${"1\n".repeat(20_000)}`, "table");
    await draft.takeText("x\ny", "lines");
    await slow;
    expect(draft.table.value?.rows).toEqual([["x"], ["y"]]);
  });

  it("counts the rows while it reads", async () => {
    const seen: unknown[] = [];
    const draft = createDraft(async () => void seen.push(draft.step.value));
    await draft.takeText(`n\n${"1\n".repeat(9_000)}`, "table");
    expect(seen).toEqual([
      { at: "reading", rows: 4_000 },
      { at: "reading", rows: 8_000 },
    ]);
  });

  it("is empty again when cleared", async () => {
    const draft = createDraft(breathe);
    await draft.takeText("x\ny", "lines");
    draft.clear();
    expect(draft.step.value).toEqual({ at: "empty" });
    expect(draft.table.value).toBeUndefined();
  });
});
