/** What a request that failed says to the person: the server's own words where it had some. */
import { Problem, Unreachable } from "../net/http.ts";
import { words } from "./words.ts";

export function failureWords(error: unknown): string {
  if (error instanceof Unreachable) return words.trouble.unreachable;
  return error instanceof Problem ? error.message : words.trouble.other;
}
