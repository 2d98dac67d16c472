/** How often and how long each task is tried: one quiet line, and two figures for whoever wants others. */
import { useState } from "preact/hooks";
import { useApp } from "../app.ts";
import { words } from "../words.ts";
import { Figure } from "./figure.tsx";
import { ATTEMPTS_MAX, MINUTES_MAX } from "./order.ts";

/** What the server gives an attempt unless the batch says otherwise. */
const MINUTES = 20;

export function Limits({ attempts }: { readonly attempts: number }) {
  const { draft } = useApp();
  const [open, setOpen] = useState(false);
  const [tries, minutes] = [draft.attempts.value ?? attempts, draft.minutes.value ?? MINUTES];
  return (
    <>
      <span class="dim small nowrap">
        {words.submit.limits(tries, minutes)}{" "}
        <button type="button" class="link small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? words.submit.limitsDone : words.submit.changeLimits}
        </button>
      </span>
      {open && (
        <div class="row figures limits">
          <Figure
            label={words.submit.attempts}
            value={tries}
            least={1}
            most={ATTEMPTS_MAX}
            take={(value) => {
              draft.attempts.value = value;
            }}
          />
          <Figure
            label={words.submit.minutes}
            value={minutes}
            least={1}
            most={MINUTES_MAX}
            take={(value) => {
              draft.minutes.value = value;
            }}
          />
        </div>
      )}
    </>
  );
}
