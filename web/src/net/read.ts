/** Readers of JSON that came from outside: each gives the value as what it should be, or says what was expected and what came. */
export class ReadError extends Error {
  override readonly name = "ReadError";
}

export type Fields = Readonly<Record<string, unknown>>;

function got(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `${typeof value} ${String(value).slice(0, 40)}`;
}

function refuse(where: string, expected: string, value: unknown): never {
  throw new ReadError(`${where}: expected ${expected}, got ${got(value)}`);
}

export function object(value: unknown, where: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(where, "an object", value);
  return value as Fields;
}

export function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) refuse(where, "a list", value);
  return value;
}

export function text(value: unknown, where: string): string {
  if (typeof value !== "string") refuse(where, "text", value);
  return value;
}

export function integer(value: unknown, where: string): number {
  if (!Number.isSafeInteger(value)) refuse(where, "a whole number", value);
  return value as number;
}

export function number(value: unknown, where: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) refuse(where, "a number", value);
  return value;
}

export function oneOf<T extends string>(value: unknown, choices: readonly T[], where: string): T {
  const found = choices.find((choice) => choice === value);
  return found ?? refuse(where, choices.join(" or "), value);
}

/** `undefined` for a field that is absent or null, else what `read` makes of it. */
export function optional<T>(value: unknown, read: (value: unknown, where: string) => T, where: string): T | undefined {
  return value === undefined || value === null ? undefined : read(value, where);
}

export function time(value: unknown, where: string): number {
  return number(Date.parse(text(value, where)), where);
}

export function flag(value: unknown): boolean {
  return value === true;
}
