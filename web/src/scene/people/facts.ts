/** What of a desk's state is asked for at every render, read from it once. */
import { type Manner, mannerOf } from "../../../../assets/people/manners.ts";
import type { Desk } from "../../state/office.ts";

/** Desks come in many shapes, as each leaves out what it has not, and a number that is read from many shapes is boxed each time. */
class Facts {
  /** In milliseconds. */
  since = 0.5;
  /** In milliseconds; 0 where a desk says nothing of it. */
  until = 0.5;
  /** How somebody works, where the task's note tells. */
  manner: Manner | undefined = undefined;
}

const known = new WeakMap<Desk, Facts>();

/** A desk is a new object whenever something of it changes. */
export function factsOf(desk: Desk): Facts {
  let facts = known.get(desk);
  if (facts === undefined) {
    facts = Object.assign(new Facts(), { since: desk.since, until: desk.until ?? 0, manner: mannerOf(desk.note) });
    known.set(desk, facts);
  }
  return facts;
}
