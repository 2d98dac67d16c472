/** A link just made: its address, this once; how far it works; how it is embedded; what chats show of it. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Shared } from "../../net/links.ts";
import { useApp } from "../app.ts";
import { moment } from "../numbers.ts";
import { CopyField } from "./copy.tsx";
import { QrCode } from "./qr.tsx";
import { elementCode, frameCode } from "./wish.ts";
import { shareWords } from "./words.ts";

function EmbedCode({ url }: { readonly url: string }) {
  return (
    <details class="share-embed">
      <summary class="link">{shareWords.embed}</summary>
      <p class="small dim under">{shareWords.element}</p>
      <CopyField text={elementCode(url)} label={shareWords.element} rows={3} />
      <p class="small dim under">{shareWords.frame}</p>
      <CopyField text={frameCode(url)} label={shareWords.frame} rows={4} />
    </details>
  );
}

/** Drawn by the server; where it cannot draw, there is nothing to show. */
function Picture({ id }: { readonly id: string }) {
  const [gone, setGone] = useState(false);
  if (gone) return null;
  return (
    <img class="share-card" src={`/s/${id}/card.png`} width="1200" height="630" alt={shareWords.picture} onError={() => setGone(true)} />
  );
}

export function Ready({ link }: { readonly link: Shared }) {
  const { now } = useApp();
  const element = useRef<HTMLElement>(null);
  // On a phone it would else lie below the edge, and it is shown only this once.
  useEffect(() => element.current?.scrollIntoView({ block: "nearest" }), []);
  return (
    <section class="share-ready" aria-live="polite" ref={element}>
      <div class="row between">
        <b class="clip">{shareWords.ready(link.label)}</b>
        <span class="small honey nowrap">{shareWords.once}</span>
      </div>
      <CopyField text={link.url} label={shareWords.address} />
      <p class="small">
        {link.reach !== undefined && shareWords.reach(link.reach)}{" "}
        {link.former !== undefined && shareWords.former(moment(link.former, now()))}
      </p>
      <div class="row share-more">
        {link.reach !== "machine" && <QrCode text={link.url} />}
        <Picture key={link.id} id={link.id} />
        {link.origins.length > 0 && <EmbedCode url={link.url} />}
      </div>
    </section>
  );
}
