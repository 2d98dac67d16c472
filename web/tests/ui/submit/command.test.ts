import { describe, expect, it } from "vitest";
import { filled, split } from "../../../src/ui/submit/command.ts";

describe("split", () => {
  it.each<[string, readonly string[]]>([
    ["./work.sh {name}", ["./work.sh", "{name}"]],
    ['claude -p "Research {name}"', ["claude", "-p", "Research {name}"]],
    ["echo 'single \"kept\" $x'", ["echo", 'single "kept" $x']],
    ['echo "a \\"b\\" \\\\ \\n"', ["echo", 'a "b" \\ \\n']],
    ["a\\ b c", ["a b", "c"]],
    ["pre\"fix\"'ed'", ["prefixed"]],
    ["echo ''", ["echo", ""]],
    ["  spaced   out  ", ["spaced", "out"]],
    ["", []],
  ])("%j is %j", (line, argv) => {
    expect(split(line)).toEqual({ argv });
  });

  it.each([
    ['echo "open', '"'],
    ["echo 'open", "'"],
  ])("%j leaves a quote open", (line, open) => {
    expect(split(line).open).toBe(open);
  });
});

describe("filled", () => {
  const text = (argv: readonly string[], row: Readonly<Record<string, string>>) =>
    filled(argv, row)
      .map((part) => (part.filled ? `<${part.text}>` : part.text))
      .join("");

  it("marks what came from the row and quotes what needs it", () => {
    expect(text(["claude", "-p", "Research {name}"], { name: "Acme" })).toBe('claude -p "Research <Acme>"');
    expect(text(["x", "{a}"], { a: 'say "hi"' })).toBe("x '<say \"hi\">'");
    expect(text(["x", "{a}"], { a: "" })).toBe('x "<>"');
  });
});
