import { describe, expect, it } from "vitest";
import { fieldsOf, filledAddress, filledText, hasLoneBrace, pieces } from "../../../src/ui/submit/template.ts";

describe("placeholders", () => {
  it("are fields, doubled braces are braces", () => {
    expect(pieces("a{name}b{{c}}")).toEqual([{ text: "a" }, { field: "name" }, { text: "b" }, { text: "{" }, { text: "c" }, { text: "}" }]);
  });

  it("are named once each", () => {
    expect(fieldsOf(["{a}-{b}", "{a}", "{{c}}"])).toEqual(["a", "b"]);
  });

  it("are told from a brace that stands alone", () => {
    expect(hasLoneBrace(["{a}", "{{"])).toBe(false);
    expect(hasLoneBrace(["{a"])).toBe(true);
    expect(hasLoneBrace(["a}"])).toBe(true);
  });
});

describe("a template filled", () => {
  const text = (parts: ReturnType<typeof filledText>) => parts.map((part) => (part.filled ? `<${part.text}>` : part.text)).join("");

  it("marks what came from the row", () => {
    expect(text(filledText("Sum up {text}, {{}}", { text: "a\nb" }))).toBe("Sum up <a\nb>, {}");
  });

  it.each([
    ["https://x.example/items/{id}?lang={lang}", "https://x.example/items/<a%2Fb%20c>?lang=<d%26e>"],
    ["https://{id}.example/{lang}", "https://<a/b c>.example/<d%26e>"],
    ["{id}", "<a/b c>"],
    ["http://x.example/{mark}", "http://x.example/<%21%27%28%29%2A~->"],
  ])("encodes values in path and query alone: %s", (template, address) => {
    expect(text(filledAddress(template, { id: "a/b c", lang: "d&e", mark: "!'()*~-" }))).toBe(address);
  });
});
