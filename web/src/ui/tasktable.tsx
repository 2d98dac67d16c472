/** Tasks as rows: state, title, how long, how often, what came of it; each opens in place. */
import { useState } from "preact/hooks";
import type { IconName } from "../icons.ts";
import type { Task } from "../net/shapes.ts";
import { count, elapsed } from "./numbers.ts";
import { Icon } from "./parts.tsx";
import { summary } from "./readable.ts";
import { Detail } from "./result.tsx";
import { failedWords, words } from "./words.ts";

const GLYPHS: Readonly<Record<Task["state"], IconName>> = {
  waiting: "hourglass",
  running: "play",
  done: "check",
  failed: "bang",
  cancelled: "cross",
};

/** How long the last attempt took; nothing while it has not ended. */
export function took(task: Task): number | undefined {
  const last = task.executions.at(-1);
  return last?.ended === undefined ? undefined : last.ended - last.started;
}

interface RowProps {
  readonly task: Task;
  readonly kind: string | undefined;
  readonly timed: boolean;
  readonly open: boolean;
  readonly toggle: () => void;
}

function Row({ task, kind, timed, open, toggle }: RowProps) {
  const ms = took(task);
  const failed = task.state === "failed";
  return (
    <>
      <tr class={open ? "open" : ""} onClick={toggle}>
        <td>
          <Icon name={GLYPHS[task.state]} tone={failed ? "red" : "dim"} />
        </td>
        <td>
          <button type="button" class="bare clip" aria-expanded={open}>
            {task.title}
          </button>
        </td>
        {timed && <td class="n">{ms === undefined ? "" : elapsed(ms)}</td>}
        {timed && <td class="n">{task.executions.length > 0 ? count(task.executions.length) : ""}</td>}
        <td class={failed ? "red what" : "dim what"}>{failed ? failedWords(task.reason, task.message) : summary(task.result, kind)}</td>
      </tr>
      {open && (
        <tr class="detail">
          <td colSpan={timed ? 5 : 3}>
            <Detail task={task} kind={kind} />
          </td>
        </tr>
      )}
    </>
  );
}

export interface TableProps {
  readonly tasks: readonly Task[];
  readonly kind: string | undefined;
  /** Whether their attempts are known: how long the last one took, and how many there were. */
  readonly timed?: boolean;
}

export function TaskTable({ tasks, kind, timed = true }: TableProps) {
  const [open, setOpen] = useState<string>();
  const { columns } = words.results;
  return (
    <table class="results">
      <thead>
        <tr>
          <th class="mark-column">
            <span class="unseen">{columns.state}</span>
          </th>
          <th class="task-column">{columns.task}</th>
          {timed && <th class="n took-column">{columns.took}</th>}
          {timed && <th class="n attempts-column">{columns.attempts}</th>}
          <th class="what">{columns.result}</th>
        </tr>
      </thead>
      <tbody>
        {tasks.map((task) => (
          <Row
            key={task.id}
            task={task}
            kind={kind}
            timed={timed}
            open={open === task.id}
            toggle={() => setOpen(open === task.id ? undefined : task.id)}
          />
        ))}
      </tbody>
    </table>
  );
}
