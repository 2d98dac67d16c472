import { expect, it } from "vitest";
import { modeOf } from "../src/mode.ts";

it.each([
  ["/", { kind: "member" }],
  ["/play", { kind: "play" }],
  ["/s/k7q2m9", { kind: "guest", link: "k7q2m9", embedded: false }],
  ["/embed/k7q2m9", { kind: "guest", link: "k7q2m9", embedded: true }],
  ["/s/", { kind: "member" }],
  ["/s/K7Q", { kind: "member" }],
  ["/s/k7q/x", { kind: "member" }],
  ["/x/s/k7q", { kind: "member" }],
])("%s asks for %o", (path, mode) => {
  expect(modeOf(path)).toEqual(mode);
});
