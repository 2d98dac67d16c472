import { describe, expect, it } from "vitest";
import { NO_CHAT, paramsOf, schemaOf, type Wishes, wishFault, wishName } from "../../../src/ui/submit/wish.ts";

const COLUMNS = ["name", "city"];
const CHAT = { ...NO_CHAT, prompt: "Who is {name}?", model: "small" };
const HTTP = { url: "https://x.example/{city}", headers: [{ name: "Authorization", value: "secret" }] };
const WISHES: Wishes = { kind: "chat", command: "", seconds: [4, 12], fails: 0, chat: CHAT, http: HTTP, python: "survey" };

function chat(parts: Partial<typeof CHAT>): Wishes {
  return { ...WISHES, chat: { ...CHAT, ...parts } };
}

function http(parts: Partial<Wishes["http"]>): Wishes {
  return { ...WISHES, kind: "http", http: { ...HTTP, ...parts } };
}

describe("why a wish cannot be carried out", () => {
  it.each<[string, Wishes, string | undefined]>([
    ["a chat", WISHES, undefined],
    ["no prompt", chat({ prompt: " " }), "Write the prompt"],
    ["no model", chat({ model: "" }), "Name the model"],
    ["an unknown field in the prompt", chat({ prompt: "{nmae}" }), "There is no column {nmae}"],
    ["an unknown field in the system prompt", chat({ system: "{town}" }), "There is no column {town}"],
    ["a schema", chat({ schema: '{"type": "object"}' }), undefined],
    ["a schema that is no object", chat({ schema: "[]" }), "A schema is a JSON object"],
    ["an address", http({}), undefined],
    ["an address that is a field", http({ url: "{name}" }), undefined],
    ["no address", http({ url: "" }), "Write the address"],
    ["an address of another scheme", http({ url: "ftp://x.example" }), "An address begins with https:// or http://"],
    ["an unknown field in the address", http({ url: "https://x.example/{id}" }), "There is no column {id}"],
    ["a header without a name", http({ headers: [{ name: "", value: "x" }] }), "A header has no name"],
    ["a header without a value", http({ headers: [{ name: "X-Key", value: "" }] }), "The header X-Key has no value"],
    ["an empty line of headers", http({ headers: [{ name: "", value: "" }] }), undefined],
    [
      "a header twice",
      http({
        headers: [
          { name: "X-Key", value: "a" },
          { name: "x-key", value: "b" },
        ],
      }),
      "The header x-key is there twice",
    ],
    ["a function", { ...WISHES, kind: "python" }, undefined],
    ["no function", { ...WISHES, kind: "python", python: " " }, "Name the function"],
    ["tasks for one's own runners", { ...WISHES, kind: "external" }, undefined],
  ])("%s", (_what, wishes, fault) => {
    expect(wishFault(wishes, COLUMNS)).toBe(fault);
  });

  it("says at which line and column a schema stops being JSON", () => {
    expect(schemaOf('{"type": "object",\n  "x": }').fault).toBe("The schema is not JSON: line 2, column 8");
    expect(schemaOf('{"type":').fault).toBe("The schema is not JSON: line 1, column 9");
    expect(schemaOf("  ")).toEqual({});
  });
});

describe("params", () => {
  it("of a chat leave out what was not written", () => {
    expect(paramsOf(WISHES)).toEqual({ prompt: "Who is {name}?", model: "small" });
    expect(paramsOf(chat({ system: "Be brief.", schema: '{"type": "object"}', model: " small " }))).toEqual({
      prompt: "Who is {name}?",
      model: "small",
      system: "Be brief.",
      schema: { type: "object" },
    });
  });

  it("of a request are its address and its headers", () => {
    expect(paramsOf(http({}))).toEqual({ url: "https://x.example/{city}", headers: { Authorization: "secret" } });
    expect(paramsOf(http({ headers: [{ name: "", value: "" }] }))).toEqual({ url: "https://x.example/{city}" });
  });

  it("of a function are its name, of one's own runners nothing", () => {
    expect(paramsOf({ ...WISHES, kind: "python" })).toEqual({ name: "survey" });
    expect(paramsOf({ ...WISHES, kind: "external" })).toEqual({});
  });
});

describe("the name of a batch that nobody named", () => {
  it("is its function's, else its kind's with the number of tasks", () => {
    expect(wishName({ ...WISHES, kind: "python" }, 3)).toBe("survey");
    expect(wishName(WISHES, 3)).toBe("Chat, 3 tasks");
    expect(wishName({ ...WISHES, kind: "external" }, 1)).toBe("External, 1 task");
  });
});
