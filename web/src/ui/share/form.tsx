/** What a link is to show, for whom, how long, and where. */
import { useApp } from "../app.ts";
import { Button } from "../parts.tsx";
import type { Subject } from "../view.ts";
import { type Choice, DAYS, LABEL_MAX, readOrigins } from "./wish.ts";
import { type Level, shareWords } from "./words.ts";

interface PartProps {
  readonly choice: Choice;
  readonly choose: (change: Partial<Choice>) => void;
}

function Levels({ choice, choose }: PartProps) {
  return (
    <fieldset class="share-levels">
      <legend>
        <h2 class="label">{shareWords.see}</h2>
      </legend>
      {(Object.keys(shareWords.levels) as Level[]).map((level) => (
        <label key={level} class={level === choice.level ? "share-level on" : "share-level"}>
          <input type="radio" name="level" class="unseen" checked={level === choice.level} onChange={() => choose({ level })} />
          <b>{shareWords.levels[level][0]}</b>
          <span class="dim small">{shareWords.levels[level][1]}</span>
        </label>
      ))}
    </fieldset>
  );
}

function WhomAndEnd({ choice, choose }: PartProps) {
  return (
    <div class="share-whom">
      <label class="grow">
        <h2 class="label">{shareWords.whom}</h2>
        <span class="field">
          <input
            value={choice.label}
            maxLength={LABEL_MAX}
            placeholder={shareWords.whomHint}
            onInput={(event) => choose({ label: event.currentTarget.value })}
          />
        </span>
      </label>
      <fieldset>
        <legend>
          <h2 class="label">{shareWords.ends}</h2>
        </legend>
        <div class="seg">
          {DAYS.map((days) => (
            <button
              key={days}
              type="button"
              class={days === choice.days ? "on" : ""}
              aria-pressed={days === choice.days}
              aria-label={shareWords.endsLong(days)}
              onClick={() => choose({ days })}
            >
              {shareWords.days[days]}
            </button>
          ))}
        </div>
      </fieldset>
    </div>
  );
}

function Check({
  on,
  label,
  why,
  flip,
}: {
  readonly on: boolean;
  readonly label: string;
  readonly why?: string;
  readonly flip: () => void;
}) {
  return (
    <label class="row share-check">
      <input type="checkbox" checked={on} onChange={flip} />
      <span>
        {label}
        {why !== undefined && <span class="dim small share-why">{why}</span>}
      </span>
    </label>
  );
}

function Origins({ choice, choose }: PartProps) {
  const { wrong } = readOrigins(choice.origins);
  return (
    <details class="share-origins">
      <summary class="link">{shareWords.origins}</summary>
      <span class={wrong === undefined ? "field" : "field wrong"}>
        <input
          value={choice.origins}
          placeholder={shareWords.originsHint}
          aria-label={shareWords.origins}
          aria-invalid={wrong !== undefined}
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => choose({ origins: event.currentTarget.value })}
        />
      </span>
      <p class={wrong === undefined ? "dim small" : "red small"}>{wrong ?? shareWords.originsWhy}</p>
    </details>
  );
}

export interface FormProps extends PartProps {
  readonly subject: Subject | undefined;
  readonly busy: boolean;
  readonly trouble: string | undefined;
  readonly make: () => void;
}

export function ShareForm({ choice, choose, subject, busy, trouble, make }: FormProps) {
  const { account } = useApp();
  const results = subject !== undefined && "batch" in subject;
  const wrong = readOrigins(choice.origins).wrong !== undefined;
  function submit(event: Event): void {
    event.preventDefault();
    if (!wrong && !busy) make();
  }
  return (
    <form class="share-form" onSubmit={submit}>
      {!results && <Levels choice={choice} choose={choose} />}
      <WhomAndEnd choice={choice} choose={choose} />
      {account.value?.mode === "local" && <Check on={choice.lan} label={shareWords.lan} flip={() => choose({ lan: !choice.lan })} />}
      {!results && <Check on={choice.card} label={shareWords.card} why={shareWords.cardWhy} flip={() => choose({ card: !choice.card })} />}
      {!results && <Origins choice={choice} choose={choose} />}
      <Button look="primary big" glyph="link" type="submit" disabled={busy || wrong}>
        {busy ? shareWords.making : shareWords.make}
      </Button>
      {trouble !== undefined && (
        <p class="red small" role="alert">
          {trouble}
        </p>
      )}
    </form>
  );
}
