/** The first tasks of a batch in one state, asked for page by page and no more of them than can be looked at. */
import { useRef } from "preact/hooks";
import type { Api } from "../net/api.ts";
import type { Task } from "../net/shapes.ts";
import { useApp } from "./app.ts";
import { useFetched } from "./fetched.ts";

export const SAMPLE_MAX = 300;
const PAGE = 100;
const REFRESH_S = 15;

async function sampled(api: Api, batch: string, state: Task["state"], signal: AbortSignal): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.tasks(batch, { state, cursor, limit: PAGE }, signal);
    tasks.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined && tasks.length < SAMPLE_MAX);
  return tasks;
}

/**
 * @param amount how many there are; where this changes it is asked anew, but no more often than every quarter of a minute
 * @param over nothing of the batch will change any more, so that the last change counts at once
 */
export function useSample(batch: string, state: Task["state"], amount: number, over: boolean): readonly Task[] | undefined {
  const { api, view } = useApp();
  const seen = useRef(amount);
  if (over || seen.current === 0 || view.second.value % REFRESH_S === 0) seen.current = amount;
  const none = seen.current === 0;
  return useFetched(
    (signal) => (none ? Promise.resolve<readonly Task[]>([]) : sampled(api, batch, state, signal)),
    [batch, state, seen.current],
    true,
  ).value;
}
