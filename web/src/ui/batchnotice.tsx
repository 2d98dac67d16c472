/** What holds a batch: the server's reason for a pause with what can be done about it, a limit, or that it was only a trial. */
import type { BatchDetail } from "../net/shapes.ts";
import { useApp } from "./app.ts";
import type { ControlAsk } from "./batchcontrol.ts";
import { ended } from "./facts.ts";
import type { Figures } from "./figures.ts";
import { Button, Confirm, Icon } from "./parts.tsx";
import { whyWords } from "./why.ts";
import { words } from "./words.ts";

/** The server's own words for a run of equal failures; other pauses are no failure of the tasks. */
const FAILURES = /^\d+ equal failures/;

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

interface HaltedProps {
  readonly reason: string;
  readonly figures: Figures;
  readonly control: ControlAsk;
}

function Halted({ reason, figures, control }: HaltedProps) {
  const { rights } = useApp();
  const left = figures.waiting + figures.running;
  return (
    <section class={FAILURES.test(reason) ? "notice failures" : "notice"} role="alert">
      <Icon name={FAILURES.test(reason) ? "bang" : "pause"} />
      <div class="grow">
        <b>{words.batch.halted}</b>
        <p>{upper(reason)}</p>
      </div>
      {rights.acts && (
        <div class="row">
          <Button look="s" glyph="play" disabled={control.asked === "resume"} onClick={() => control.ask("resume")}>
            {words.batch.goOn}
          </Button>
          <Confirm
            look="s"
            glyph="cross"
            sure={words.batch.cancelSure(left)}
            disabled={control.asked === "cancel"}
            onSure={() => control.ask("cancel")}
          >
            {words.batch.cancel}
          </Confirm>
        </div>
      )}
    </section>
  );
}

function Held({ told }: { readonly told: BatchDetail }) {
  const { view, now } = useApp();
  const at = view.second.value >= 0 ? now() : 0;
  if (told.blocked === undefined) return null;
  return (
    <section class="notice">
      <Icon name="hourglass" />
      <p class="grow">{words.batch.heldBy(whyWords(told.blocked, told.until, at).sentence)}</p>
    </section>
  );
}

/** After a trial one goes back to the rest of the list. */
function OfTrial({ id }: { readonly id: string }) {
  const { draft, view, rights } = useApp();
  const trial = draft.trial.value;
  if (!rights.acts || trial?.batch !== id || trial.table !== draft.table.value) return null;
  const rest = trial.table.rows.length - trial.rows;
  return (
    <section class="notice trial">
      <p class="grow">{words.batch.tried(trial.rows, trial.table.rows.length)}</p>
      <Button look="s primary" onClick={() => view.open({ kind: "add" })}>
        {words.batch.othersWait(rest)}
      </Button>
    </section>
  );
}

export interface NoticeProps {
  readonly id: string;
  readonly figures: Figures;
  readonly told: BatchDetail | undefined;
  readonly control: ControlAsk;
}

export function BatchNotice({ id, figures, told, control }: NoticeProps) {
  const reason = figures.state === "paused" ? told?.reason : undefined;
  return (
    <>
      <OfTrial id={id} />
      {reason !== undefined && <Halted reason={reason} figures={figures} control={control} />}
      {figures.state === "waiting" && told !== undefined && !ended(figures) && <Held told={told} />}
    </>
  );
}
