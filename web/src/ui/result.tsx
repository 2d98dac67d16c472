/** One task of a batch, opened in place: what went in, what came out, and cancel or retry. */
import { useState } from "preact/hooks";
import type { Task } from "../net/shapes.ts";
import { useApp } from "./app.ts";
import { Button, Confirm } from "./parts.tsx";
import { pretty, readable } from "./readable.ts";
import { failureWords } from "./trouble.ts";
import { failedWords, words } from "./words.ts";

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

/** What came of it, for reading; a failure says its reason in the server's own words. */
function Outcome({ task, kind }: { readonly task: Task; readonly kind: string | undefined }) {
  if (task.result === undefined) {
    const why = task.state === "failed" ? failedWords(task.reason, task.message) : words.results.empty;
    return <p class={task.state === "failed" ? "prose red" : "prose dim"}>{why}</p>;
  }
  const { text, fields, usage } = readable(task.result, kind);
  return (
    <div class="outcome">
      {text !== undefined && <div class="prose">{text === "" ? words.results.empty : text}</div>}
      {fields.length > 0 && (
        <dl>
          {fields.map(([name, value]) => (
            <div key={name}>
              <dt class="dim small">{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {usage !== "" && <p class="dim small">{usage}</p>}
    </div>
  );
}

export function Detail({ task, kind }: { readonly task: Task; readonly kind: string | undefined }) {
  const { rights } = useApp();
  return (
    <div class="result-detail">
      <div class="two">
        <div>
          <h3>{words.results.input}</h3>
          <pre class="log">{pretty(task.input)}</pre>
        </div>
        <div>
          <h3>{words.results.output}</h3>
          <Outcome task={task} kind={kind} />
        </div>
      </div>
      {rights.acts && <Control task={task} />}
    </div>
  );
}
