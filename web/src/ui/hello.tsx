/** An office without work: what it is for in three sentences, and three ways to begin. */
import { useState } from "preact/hooks";
import { freshKey } from "../net/http.ts";
import { useApp } from "./app.ts";
import { DESKS } from "./facts.ts";
import { Button } from "./parts.tsx";
import { demoOf } from "./submit/order.ts";
import { DropHere } from "./submit/source.tsx";
import { failureWords } from "./trouble.ts";
import { words } from "./words.ts";

const DEMO_TASKS = 20;

function DemoLink() {
  const { api } = useApp();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  function start(): void {
    setBusy(true);
    api.submit(demoOf(DEMO_TASKS), freshKey()).catch((error: unknown) => {
      setBusy(false);
      setTrouble(failureWords(error));
    });
  }
  return (
    <p class="dim demo-line">
      {words.hello.noList}{" "}
      <button type="button" class="link" disabled={busy} onClick={start}>
        {words.hello.demo}
      </button>
      {trouble !== undefined && <span class="red"> {trouble}</span>}
    </p>
  );
}

function CommandLine() {
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard?.writeText(words.hello.command).then(() => setCopied(true));
  return (
    <div class="log mono row command-line">
      <span class="d" aria-hidden="true">
        $
      </span>
      <span class="grow clip">{words.hello.command}</span>
      <Button look="s icon bare-icon" glyph={copied ? "check" : "copy"} label={words.hello.copy} onClick={copy} />
    </div>
  );
}

export function Hello() {
  const { store, draft, view } = useApp();
  const slots = store.office.value?.slots ?? 0;
  function paste(): void {
    draft.paste();
    view.open({ kind: "add" });
  }
  return (
    <div class="hello">
      <h1>
        {words.hello.greeting(new Date().getHours())}
        <br />
        {words.hello.free(Math.min(slots, DESKS))}
      </h1>
      <p class="hello-lead">{words.hello.lead}</p>
      <DropHere onPaste={paste} />
      <DemoLink />
      <CommandLine />
    </div>
  );
}
