/** What stands on a wall screen; read from the other end of a room. */
import { count } from "../numbers.ts";

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

export const wallWords = {
  label: "The office on a wall",
  live: (age: string) => `Live, ${age} ago`,
  old: (age: string) => `${age} old`,
  waiting: (running: number) => `waiting, ${count(running)} running`,
  batches: "Batches",
  more: (value: number) => `and ${count(value)} more`,
  failed: (value: number) => `${count(value)} failed`,
  leave: "Back to the office",
  date: (ms: number) => {
    const date = new Date(ms);
    return `${WEEKDAYS[date.getDay()]} ${date.getDate()} ${MONTHS[date.getMonth()]}`;
  },
} as const;
