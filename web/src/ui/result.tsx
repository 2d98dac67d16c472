/** One task of a batch, opened in place: what went in, what came out, and cancel or retry. */
import { useState } from "preact/hooks";
import type { Task } from "../net/shapes.ts";
import { useApp } from "./app.ts";
import { Button, Confirm } from "./parts.tsx";
import { failureWords } from "./trouble.ts";
import { words } from "./words.ts";

/** JSON as one reads it; text as it is. */
export function pretty(value: unknown): string {
  if (value === undefined || value === null) return words.results.empty;
  return typeof value === "string" ? value : JSON.stringify(value, undefined, 2);
}

function Control({ task }: { readonly task: Task }) {
  const { api } = useApp();
  const [asked, setAsked] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  const ask = (what: (id: string) => Promise<void>) => {
    setAsked(true);
    what(task.id).catch((error: unknown) => {
      setAsked(false);
      setTrouble(failureWords(error));
    });
  };
  const open = task.state === "waiting" || task.state === "running";
  const again = task.state === "failed" || task.state === "cancelled";
  return (
    <div class="row">
      {open && (
        <Confirm look="s" glyph="cross" sure={words.desk.cancelSure} disabled={asked} onSure={() => ask(api.cancelTask)}>
          {words.desk.cancel}
        </Confirm>
      )}
      {again && (
        <Button look="s" glyph="retry" disabled={asked} onClick={() => ask(api.retryTask)}>
          {words.desk.retry}
        </Button>
      )}
      {trouble !== undefined && <span class="red small">{trouble}</span>}
    </div>
  );
}

export function Detail({ task }: { readonly task: Task }) {
  return (
    <div class="result-detail">
      <div class="two">
        <div>
          <h3>{words.results.input}</h3>
          <pre class="log">{pretty(task.input)}</pre>
        </div>
        <div>
          <h3>{words.results.output}</h3>
          <pre class="log">{pretty(task.result ?? task.message ?? task.reason)}</pre>
        </div>
      </div>
      <Control task={task} />
    </div>
  );
}
