/** A demo: how long its tasks wait, and how many of them fail. */
import { useApp } from "../app.ts";
import { words } from "../words.ts";
import { Figure } from "./figure.tsx";

const SECONDS_MAX = 3_600;

export function DemoForm() {
  const { draft } = useApp();
  const [least, most] = draft.seconds.value;
  return (
    <>
      <div class="row figures">
        <Figure
          label={words.submit.seconds}
          value={least}
          most={SECONDS_MAX}
          take={(value) => {
            draft.seconds.value = [value, most];
          }}
        />
        <Figure
          label={words.submit.to}
          value={most}
          most={SECONDS_MAX}
          take={(value) => {
            draft.seconds.value = [least, value];
          }}
        />
        <Figure
          label={words.submit.failShare}
          value={draft.fails.value}
          most={100}
          take={(value) => {
            draft.fails.value = Math.min(Math.max(value, 0), 100);
          }}
        />
      </div>
      <p class="small honey under">{words.submit.demoNote}</p>
    </>
  );
}
