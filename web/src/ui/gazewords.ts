/** What is said of the camera, and of looking at one batch alone. */
import { counted } from "./numbers.ts";

export const gazeWords = {
  following: (worker: string) => `Following ${worker}`,
  only: (name: string) => `Only ${name}`,
  desks: (value: number) => counted(value, "desk", "desks"),
  leave: "Leave",
  flat: "No 3D on this device. The drawing says the same.",
  follow: "Follow",
  unfollow: "Stop following",
  show: "Show its desks",
  showAll: "Show all desks",
} as const;

/** For the list of keys. */
export const cameraKeys = {
  follow: "Follow who is at the open desk",
  overview: "One batch alone, the next, all",
  nearer: "Nearer, farther",
  farther: "Farther",
  left: "Turn the room",
  right: "Turn the room",
  home: "The whole room again",
} as const;
