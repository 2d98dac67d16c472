/** What is said of sounds and notices. */
import { count } from "../numbers.ts";

export const soundWords = {
  title: "Sounds and notices",
  sounds: "Sounds",
  soundsLong: "A chime for a batch that is done, a low note for a failure, a murmur while people work",
  notices: "Desktop notices",
  noticesLong: "When a batch has ended and this page is not looked at",
  refused: "This browser was told not to show notices of this page. Its own settings change that.",
  missing: "This browser shows no notices here.",
  try: "Hear them",
  ended: (name: string, done: number, failed: number) => (done === 0 && failed > 0 ? `${name}: all failed` : `${name} has ended`),
  outcome: (done: number, failed: number) => (failed === 0 ? `${count(done)} done` : `${count(done)} done, ${count(failed)} failed`),
  several: (value: number) => `${count(value)} batches have ended`,
} as const;
