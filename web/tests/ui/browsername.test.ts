import { describe, expect, it } from "vitest";
import { browserName } from "../../src/ui/account/browsername.ts";

const WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)";

describe("what a browser is called", () => {
  it.each([
    [`Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} HeadlessChrome/156.0.0.0 Safari/537.36`, "Chrome on Linux"],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0`, "Edge on Windows"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:150.0) Gecko/20100101 Firefox/150.0", "Firefox on macOS"],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1",
      "Safari on iOS",
    ],
    [`Mozilla/5.0 (Linux; Android 15; Pixel) ${WEBKIT} Chrome/156.0.0.0 Mobile Safari/537.36`, "Chrome on Android"],
    ["Mozilla/5.0 (PlayThing) Unheard/1.0", "Mozilla/5.0 (PlayThing) Unheard/1.0"],
    ["Firefox", "Firefox"],
    [undefined, undefined],
  ])("%s", (label, name) => {
    expect(browserName(label)).toBe(name);
  });
});
