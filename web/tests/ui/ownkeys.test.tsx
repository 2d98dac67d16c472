// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { createApi } from "../../src/net/api.ts";
import { type Ask, Problem } from "../../src/net/http.ts";
import { type OwnKey, ownKey } from "../../src/net/ownkeys.ts";
import { OwnKeys } from "../../src/ui/ownkeys.tsx";
import { ownKeysWords } from "../../src/ui/ownkeyswords.ts";
import { office } from "../office.ts";
import { type Page, page } from "./page.tsx";

const KEY: OwnKey = { provider: "openai", base: "https://api.openai.com/v1", state: "ok", last: "cdef", checked: true };
const SECRET = "sk-canary-0123456789abcdef";

async function open(answers: Parameters<typeof page>[1] = {}): Promise<Page> {
  const view = await page(<OwnKeys />, answers);
  await view.show(office());
  return view;
}

async function submit(view: Page): Promise<void> {
  view.element.querySelector("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  await view.settle();
}

async function choose(view: Page, provider: string): Promise<void> {
  const field = view.element.querySelector("select");
  if (field === null) throw new Error("expected a choice of providers");
  field.value = provider;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  await view.settle();
}

describe("own keys", () => {
  it("say so where there are none", async () => {
    const view = await open();
    expect(view.text(".ownkeys .nothing")).toBe("No own keys");
    expect(view.all("form")).toHaveLength(0);
  });

  it("show the last four characters and how each stands", async () => {
    const bad: OwnKey = { ...KEY, provider: "mine", last: undefined, state: "rejected" };
    const view = await open({ ownKeys: () => Promise.resolve([KEY, bad]) });
    expect(view.all(".ownkeys li").map((row) => row.querySelector("span")?.textContent)).toEqual([
      "openai …cdefAccepted",
      "mine Not accepted any more. Put in another one.",
    ]);
    expect(view.all(".ownkeys li .red")).toHaveLength(1);
  });

  it("are put in once: the field hides it, and is gone afterwards", async () => {
    let there: readonly OwnKey[] = [];
    const view = await open({
      ownKeys: () => Promise.resolve(there),
      putKey: () => {
        there = [KEY];
        return Promise.resolve();
      },
    });
    await view.press("Add a key");
    const field = view.element.querySelector<HTMLInputElement>("input[name=Key]");
    expect([field?.type, field?.autocomplete]).toEqual(["password", "off"]);
    expect(
      view
        .all("button")
        .find((button) => button.textContent === "Save key")
        ?.hasAttribute("disabled"),
    ).toBe(true);
    await submit(view);
    await view.type("input[name=Key]", ` ${SECRET} `);
    await submit(view);
    expect(view.asked.filter(([name]) => name === "putKey")).toEqual([["putKey", { provider: "openai", key: SECRET }]]);
    expect(view.all("form")).toHaveLength(0);
    expect(view.text(".ownkeys li b")).toBe("openai");
    expect(view.element.innerHTML).not.toContain(SECRET);
  });

  it("of another provider need a name and an address", async () => {
    const view = await open();
    await view.press("Add a key");
    await choose(view, "other");
    await view.type("input[name=Key]", SECRET);
    await submit(view);
    expect(view.asked.filter(([name]) => name === "putKey")).toEqual([]);
    await view.type("input[name=Name]", "mine");
    await view.type("input[name=Address]", "https://host/v1");
    await submit(view);
    expect(view.asked).toContainEqual(["putKey", { provider: "mine", key: SECRET, base: "https://host/v1" }]);
  });

  it("that are refused say why, and can be written anew", async () => {
    const refused = new Problem(422, "key_refused", "No", "api.openai.com does not accept this key (401); nothing was stored");
    const view = await open({ putKey: () => Promise.reject(refused) });
    await view.press("Add a key");
    await view.type("input[name=Key]", SECRET);
    await submit(view);
    expect(view.text("[role=alert]")).toContain("does not accept this key (401)");
    expect(view.all("form")).toHaveLength(1);
    await view.press("Back");
    expect(view.all("form")).toHaveLength(0);
  });

  it("are deleted with a question in place", async () => {
    let there: readonly OwnKey[] = [KEY];
    const view = await open({
      ownKeys: () => Promise.resolve(there),
      deleteKey: () => {
        there = [];
        return Promise.resolve();
      },
    });
    await view.press("Delete");
    expect(view.asked.map(([name]) => name)).not.toContain("deleteKey");
    await view.press("Delete key of openai?");
    expect(view.asked).toContainEqual(["deleteKey", "openai"]);
    expect(view.all(".ownkeys li")).toHaveLength(0);
  });

  it("say why they cannot be listed", async () => {
    const view = await open({ ownKeys: () => Promise.reject(new Problem(403, "forbidden", "No", "not yours")) });
    expect(view.text(".ownkeys .red")).toBe("not yours");
  });
});

describe("the words of a key", () => {
  it.each([
    [{ ...KEY }, "Accepted"],
    [{ ...KEY, checked: false }, "Not checked yet, its provider could not be asked"],
    [{ ...KEY, state: "undecryptable" as const }, "Cannot be opened on this server. Put it in again."],
  ])("say how it stands", (key, said) => {
    expect(ownKeysWords.standing(key)).toBe(said);
  });
});

describe("own keys over HTTP", () => {
  it("are read as they are told, and asked for by their paths", async () => {
    const asked: Array<readonly [string, Ask | undefined]> = [];
    const told = { provider: "openai", base: "https://x/v1", state: "ok", added: "2026-11-30T10:00:00.000Z" };
    const api = createApi({
      ask: (path: string, what?: Ask) => {
        asked.push([path, what]);
        return Promise.resolve({ items: [told] });
      },
      file: () => Promise.reject(new Error("no file is asked for")),
    });
    expect(await api.ownKeys()).toEqual([{ provider: "openai", base: "https://x/v1", state: "ok", last: undefined, checked: false }]);
    await api.putKey({ provider: "a.b", key: SECRET });
    await api.putKey({ provider: "mine", key: SECRET, base: "https://host/v1" });
    await api.deleteKey("mine");
    expect(asked.slice(1)).toEqual([
      ["/keys/a.b", { method: "PUT", json: { key: SECRET } }],
      ["/keys/mine", { method: "PUT", json: { key: SECRET, base: "https://host/v1" } }],
      ["/keys/mine", { method: "DELETE" }],
    ]);
  });

  it("are refused when they are not what was expected", () => {
    expect(() => ownKey({ provider: "openai", base: "x", state: "lost" })).toThrow("key.state");
  });
});
