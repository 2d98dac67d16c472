/** The tasks of a batch that failed for one reason, of those that were looked at. */
import { useState } from "preact/hooks";
import type { Group } from "./insight.ts";
import { Button } from "./parts.tsx";
import { PAGE, Pages } from "./results.tsx";
import { TaskTable } from "./tasktable.tsx";
import { words } from "./words.ts";

export interface PickedProps {
  readonly group: Group;
  readonly kind: string | undefined;
  readonly leave: () => void;
}

export function Picked({ group, kind, leave }: PickedProps) {
  const [from, setFrom] = useState(0);
  const { tasks, why } = group;
  const page = tasks.slice(from, from + PAGE);
  return (
    <>
      <section class="results-head row">
        <h2>{words.results.title}</h2>
        <span class="red grow clip">{words.batch.oneReason(why)}</span>
        <Button look="s" glyph="cross" onClick={leave}>
          {words.batch.showAll}
        </Button>
      </section>
      <section class="scroll results-body">
        <TaskTable tasks={page} kind={kind} />
      </section>
      <Pages
        span={words.results.span(from + 1, from + page.length, tasks.length)}
        back={from === 0 ? undefined : () => setFrom(from - PAGE)}
        on={from + PAGE >= tasks.length ? undefined : () => setFrom(from + PAGE)}
      />
    </>
  );
}
