/**
 * `<ten-desks src="https://host/s/id#secret">`: the office of a link in any page, as a frame that this script sees to.
 *
 * Attributes: `src`, the link; `theme`, `day`, `night` or `clock`; `title`, what a screen reader calls it. It is as wide as
 * there is room and keeps its proportions, unless the page's own style gives it a height.
 */
const PATH = /^\/(?:s|embed)\/([a-z0-9]+)$/;
// A frame of another origin than the page's own: scripts and its own origin are what the office needs to draw and to ask,
// popups what the mark needs that opens the whole page. Nothing of the page it stands in can be reached by either.
const SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/** Where the frame goes: the link's own page for frames, the secret still in the fragment. Nothing for what is no link. */
function frameOf(src: string | null, theme: string | null): string {
  try {
    const url = new URL(src ?? "", document.baseURI);
    const link = PATH.exec(url.pathname)?.[1];
    if (link === undefined || !/^https?:$/.test(url.protocol)) return "";
    url.pathname = `/embed/${link}`;
    if (theme !== null) url.searchParams.set("theme", theme);
    return url.href;
  } catch {
    return "";
  }
}

class TenDesks extends HTMLElement {
  static readonly observedAttributes = ["src", "theme", "title"];
  readonly #frame = document.createElement("iframe");

  constructor() {
    super();
    const frame = this.#frame;
    frame.setAttribute("sandbox", SANDBOX);
    frame.referrerPolicy = "no-referrer";
    frame.loading = "lazy";
    // Set property by property: a page whose policy forbids inline styles allows this.
    Object.assign(frame.style, { width: "100%", height: "100%", border: "0", borderRadius: "inherit", display: "block" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(":host{display:block;width:100%;aspect-ratio:16/10;overflow:hidden}:host([hidden]){display:none}");
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.append(frame);
  }

  attributeChangedCallback(): void {
    const src = frameOf(this.getAttribute("src"), this.getAttribute("theme"));
    this.#frame.title = this.getAttribute("title") ?? "Ten Desks";
    // A frame whose address is set again loads again, even to the same.
    if (this.#frame.getAttribute("src") === src) return;
    if (src === "") this.#frame.removeAttribute("src");
    else this.#frame.src = src;
  }
}

// A page may name the script twice.
if (customElements.get("ten-desks") === undefined) customElements.define("ten-desks", TenDesks);

export {};
