/** All links of the office: who they are for, until when, how many watch, and the two ways to end an address. */
import { useState } from "preact/hooks";
import type { Link, Shared } from "../../net/links.ts";
import { useApp } from "../app.ts";
import { count, moment } from "../numbers.ts";
import { Confirm, Icon, Waiting } from "../parts.tsx";
import { failureWords } from "../trouble.ts";
import { shareWords } from "./words.ts";

/** Whoever watches by the old address has an hour to take the new one. */
const GRACE_S = 3_600;

function levelWords({ view, batch, recording }: Link): string {
  if (batch !== undefined) return shareWords.results;
  const level = view === "full" ? "" : shareWords.levels[view][0];
  return recording === undefined ? level : `${shareWords.replay}, ${level.toLowerCase()}`;
}

function untilWords(link: Link, now: number): string {
  if (link.state === "revoked") return shareWords.revokedAt(moment(link.revoked ?? now, now));
  return link.state === "expired" ? shareWords.ended(moment(link.expires, now)) : shareWords.endsIn(link.expires - now);
}

interface RowProps {
  readonly link: Link;
  readonly now: number;
  readonly changed: (made?: Shared) => void;
}

function Deeds({ link, changed }: Omit<RowProps, "now">) {
  const { api } = useApp();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  function ask(deed: Promise<Shared | undefined>): void {
    setBusy(true);
    setTrouble(undefined);
    deed.then(changed, (error: unknown) => setTrouble(failureWords(error))).finally(() => setBusy(false));
  }
  return (
    <>
      {trouble !== undefined && <span class="red small clip">{trouble}</span>}
      <Confirm mild look="s quiet" glyph="retry" sure={shareWords.rotateSure} disabled={busy} onSure={() => ask(api.rotate(link, GRACE_S))}>
        {shareWords.rotate}
      </Confirm>
      <Confirm
        look="s"
        glyph="cross"
        sure={shareWords.revokeSure(link.viewers)}
        disabled={busy}
        onSure={() => ask(api.revoke(link.id).then(() => undefined))}
      >
        {shareWords.revoke}
      </Confirm>
    </>
  );
}

function LinkRow({ link, now, changed }: RowProps) {
  const live = link.state === "live";
  return (
    <li class={live ? "share-link row" : "share-link row over"}>
      <div class="grow">
        {live ? <b class="clip">{link.label ?? shareWords.nameless}</b> : <s class="clip">{link.label ?? shareWords.nameless}</s>}
        <div class="dim small clip">
          {levelWords(link)}, {untilWords(link, now)}
        </div>
      </div>
      {live && (
        <span class={link.viewers > 0 ? "row share-viewers" : "row share-viewers dim3"} title={shareWords.watched(link.viewers)}>
          <Icon name="eye" />
          <span aria-hidden="true">{count(link.viewers)}</span>
          <span class="unseen">{shareWords.watched(link.viewers)}</span>
        </span>
      )}
      {live && <Deeds link={link} changed={changed} />}
    </li>
  );
}

export interface ListProps {
  readonly links: readonly Link[] | undefined;
  readonly failed: boolean;
  readonly changed: (made?: Shared) => void;
}

export function LinkList({ links, failed, changed }: ListProps) {
  const { view, now } = useApp();
  const at = view.second.value >= 0 ? now() : 0;
  const live = (links ?? []).filter((link) => link.state === "live");
  const watching = live.reduce((sum, link) => sum + link.viewers, 0);
  return (
    <section class="share-list">
      <div class="row between">
        <h2>{shareWords.list}</h2>
        <span class="dim small">{live.length > 0 && shareWords.summary(live.length, watching)}</span>
      </div>
      {links === undefined && (failed ? <p class="red">{shareWords.failed}</p> : <Waiting rows={3} height={20} />)}
      {links?.length === 0 && <p class="dim nothing">{shareWords.none}</p>}
      <ul>
        {(links ?? []).map((link) => (
          <LinkRow key={link.id} link={link} now={at} changed={changed} />
        ))}
      </ul>
    </section>
  );
}
