// @vitest-environment happy-dom
import { beforeAll, expect, it } from "vitest";

beforeAll(async () => {
  await import("../src/element.ts");
});

/** What the frame of an element with these attributes is like; it never stands in a document, so nothing is loaded. */
function frame(attributes: Readonly<Record<string, string>>): HTMLIFrameElement {
  const element = document.createElement("ten-desks");
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element.shadowRoot?.querySelector("iframe") as HTMLIFrameElement;
}

const LINK = "https://desks.example/s/k7q2m9";

it.each([
  [`${LINK}#secret`, "https://desks.example/embed/k7q2m9#secret"],
  ["https://desks.example/embed/k7q2m9#secret", "https://desks.example/embed/k7q2m9#secret"],
  [`${LINK}?t=60#secret`, "https://desks.example/embed/k7q2m9?t=60#secret"],
])("turns %s into the address of its frame", (src, address) => {
  expect(frame({ src }).getAttribute("src")).toBe(address);
});

it.each(["", "nonsense", "https://desks.example/", "javascript:alert(1)//s/k7q", "data:text/html,/s/k7q", "https://desks.example/s/K7/x"])(
  "makes nothing of %o",
  (src) => {
    expect(frame({ src }).getAttribute("src")).toBeNull();
  },
);

it("keeps the frame in its sandbox, nameless towards the server, and named for who cannot see it", () => {
  const made = frame({ src: `${LINK}#secret`, title: "Our night shift" });
  expect(made.getAttribute("sandbox")).toBe("allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox");
  expect(made.referrerPolicy).toBe("no-referrer");
  expect(made.title).toBe("Our night shift");
  expect(frame({ src: LINK }).title).toBe("Ten Desks");
});

it("says how light it is", () => {
  expect(frame({ src: `${LINK}#secret`, theme: "night" }).getAttribute("src")).toBe(
    "https://desks.example/embed/k7q2m9?theme=night#secret",
  );
});
