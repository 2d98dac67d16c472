import { describe, expect, it } from "vitest";
import { type Opener, type Step, stepTo } from "../../src/ui/focus.ts";

const opener = (id: string) => ({ id, element: undefined }) as unknown as Opener;
const HOME: readonly Step[] = [{ kind: "sidebar", opener: undefined }];

describe("the way of the keyboard", () => {
  it("leads back to what opened a panel", () => {
    const [batch, into] = stepTo(HOME, "batch", opener("batch-b1"));
    expect(into).toBeUndefined();
    const [home, back] = stepTo(batch, "sidebar", opener("anything"));
    expect(back?.id).toBe("batch-b1");
    expect(home).toEqual(HOME);
  });

  it("leads back step by step through panels that opened panels", () => {
    const [desk] = stepTo(HOME, "desk", opener("cell-3"));
    const [batch] = stepTo(desk, "batch", opener("of-batch"));
    const [again, first] = stepTo(batch, "desk", undefined);
    expect(first?.id).toBe("of-batch");
    expect(stepTo(again, "sidebar", undefined)[1]?.id).toBe("cell-3");
  });

  it("is the panel itself where it was opened by a key", () => {
    const [keys] = stepTo(HOME, "keys", undefined);
    expect(stepTo(keys, "sidebar", undefined)[1]).toBeUndefined();
  });
});
