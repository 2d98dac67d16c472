/** Sharing: links for people who only look, made here and ended here. */
import { useState } from "preact/hooks";
import type { Shared } from "../../net/links.ts";
import { useApp } from "../app.ts";
import { useFetched } from "../fetched.ts";
import { Button, KeyCap } from "../parts.tsx";
import { failureWords } from "../trouble.ts";
import type { Subject } from "../view.ts";
import { words } from "../words.ts";
import { ShareForm } from "./form.tsx";
import { LinkList } from "./list.tsx";
import { Ready } from "./ready.tsx";
import { type Choice, FIRST, wishOf } from "./wish.ts";
import { shareWords } from "./words.ts";
import "./share.css";

const REFRESH_S = 3;

function titles(subject: Subject | undefined): readonly [title: string, lead: string] {
  if (subject === undefined) return [shareWords.title, shareWords.lead];
  if ("batch" in subject) return [shareWords.titleResults, shareWords.leadResults(subject.name)];
  return [shareWords.titleReplay, shareWords.leadReplay(subject.name)];
}

function Head({ subject }: { readonly subject: Subject | undefined }) {
  const { view } = useApp();
  const [title, lead] = titles(subject);
  return (
    <header class="share-head">
      <div class="row between">
        <h1 class="title">{title}</h1>
        <span class="row">
          <KeyCap>Esc</KeyCap>
          <Button look="s icon quiet" glyph="cross" label={words.submit.close} onClick={() => view.back()} />
        </span>
      </div>
      <p class="dim">
        {lead}{" "}
        {subject !== undefined && (
          <button type="button" class="link" onClick={() => view.open({ kind: "share" })}>
            {shareWords.whole}
          </button>
        )}
      </p>
    </header>
  );
}

/** The links as they are, asked for anew every few seconds while one looks: watchers come and go. */
function useLinks() {
  const { api, view } = useApp();
  const [changes, setChanges] = useState(0);
  const answer = useFetched((signal) => api.links(signal), [Math.floor(view.second.value / REFRESH_S), changes], true);
  return { answer, again: () => setChanges((count) => count + 1) };
}

export function SharePanel({ subject }: { readonly subject?: Subject | undefined }) {
  const { api, now } = useApp();
  const [choice, setChoice] = useState<Choice>(FIRST);
  const [made, setMade] = useState<Shared>();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  const { answer, again } = useLinks();
  function changed(link?: Shared): void {
    if (link !== undefined) setMade(link);
    again();
  }
  function make(): void {
    setBusy(true);
    setTrouble(undefined);
    api
      .share(wishOf(choice, subject, now()))
      .then((link) => {
        changed(link);
        setChoice({ ...choice, label: "" });
      })
      .catch((error: unknown) => setTrouble(failureWords(error)))
      .finally(() => setBusy(false));
  }
  return (
    <div class="share">
      <Head subject={subject} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
      <div class="scroll share-body" tabIndex={0}>
        <section>
          <ShareForm
            choice={choice}
            choose={(change) => setChoice({ ...choice, ...change })}
            subject={subject}
            busy={busy}
            trouble={trouble}
            make={make}
          />
        </section>
        {made !== undefined && <Ready key={made.url} link={made} />}
        <LinkList links={answer.value} failed={answer.state === "failed"} changed={changed} />
      </div>
      <footer class="dim small share-foot">{shareWords.foot}</footer>
    </div>
  );
}
