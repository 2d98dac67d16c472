/** Figures of what ended in a batch, as HTTP tells them; times are milliseconds here. */
import { integer, list, number, object, optional, text, time } from "./read.ts";

export interface Durations {
  /** How many were looked at. */
  readonly of: number;
  readonly from: number;
  readonly to: number;
  /** Half of them took so long or less, nine in ten, and none longer. */
  readonly half: number;
  readonly most: number;
  readonly longest: number;
  /** How many took as long as each of equal steps between `from` and `to`; `longer` are those beyond. */
  readonly bars: readonly number[];
  readonly longer: number;
}

export interface Ends {
  readonly from: number;
  readonly step: number;
  readonly done: readonly number[];
  readonly failed: readonly number[];
}

export interface Why {
  /** A reason, or "exit" and a program's code. */
  readonly why: string;
  readonly count: number;
}

export interface BatchFigures {
  /** Every so manieth task was looked at. */
  readonly every: number;
  readonly durations?: Durations | undefined;
  readonly ends?: Ends | undefined;
  readonly reasons: readonly Why[];
  readonly more: number;
}

const SECOND_MS = 1_000;

function counts(value: unknown, where: string): readonly number[] {
  return list(value, where).map((each) => integer(each, where));
}

function durations(value: unknown, where: string): Durations {
  const fields = object(value, where);
  const ms = (name: string) => number(fields[name], `${where}.${name}`) * SECOND_MS;
  return {
    of: integer(fields["of"], where),
    from: ms("from"),
    to: ms("to"),
    half: ms("half"),
    most: ms("most"),
    longest: ms("longest"),
    bars: counts(fields["bars"], where),
    longer: integer(fields["longer"], where),
  };
}

function ends(value: unknown, where: string): Ends {
  const fields = object(value, where);
  return {
    from: time(fields["from"], where),
    step: number(fields["step"], where) * SECOND_MS,
    done: counts(fields["done"], where),
    failed: counts(fields["failed"], where),
  };
}

function why(value: unknown): Why {
  const fields = object(value, "figures.reason");
  return { why: text(fields["why"], "figures.reason.why"), count: integer(fields["count"], "figures.reason.count") };
}

export function batchFigures(value: unknown): BatchFigures {
  const fields = object(value, "figures");
  return {
    every: integer(fields["every"], "figures.every"),
    durations: optional(fields["durations"], durations, "figures.durations"),
    ends: optional(fields["ends"], ends, "figures.ends"),
    reasons: list(fields["reasons"], "figures.reasons").map(why),
    more: integer(fields["more"], "figures.more"),
  };
}
