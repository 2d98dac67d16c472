/** Moments in addresses: `?replay=ID&t=&speed=&desk=`. */
import type { Recorded, Stretch } from "../../replay/contract.ts";
import { clamped, momentOf, type Speed, speedNear, written } from "../../replay/timeline.ts";
import type { Address, Asked } from "./contract.ts";

const NAMES = ["t", "speed", "desk"] as const;
const DESKS = 10;

export interface AskedReplay {
  readonly recording: string;
  readonly asked: Asked;
}

function askedIn(params: URLSearchParams): Asked {
  return Object.fromEntries(NAMES.map((name) => [name, params.get(name) ?? undefined]));
}

/** Which replay an address of a member asks for, if any. */
export function replayIn(search: string): AskedReplay | undefined {
  const params = new URLSearchParams(search);
  const recording = params.get("replay") ?? "";
  return /^[a-z0-9]{6,16}$/.test(recording) ? { recording, asked: askedIn(params) } : undefined;
}

/** What the address of a guest, which names its recording elsewhere, asks for. */
export function askedOf(search: string): Asked {
  return askedIn(new URLSearchParams(search));
}

/** The query with this moment in it, and whatever else it had. */
export function withMoment(search: string, asked: Asked, recording?: string): string {
  const params = new URLSearchParams(search);
  if (recording !== undefined) params.set("replay", recording);
  for (const name of NAMES) {
    const value = asked[name];
    if (value === undefined) params.delete(name);
    else params.set(name, value);
  }
  return params.size === 0 ? "" : `?${params}`;
}

/** The query without any replay. */
export function withoutReplay(search: string): string {
  const params = new URLSearchParams(search);
  for (const name of ["replay", ...NAMES]) params.delete(name);
  return params.size === 0 ? "" : `?${params}`;
}

export function speedOf(asked: Asked): Speed | undefined {
  const speed = Number(asked.speed);
  return asked.speed !== undefined && speed > 0 && Number.isFinite(speed) ? speedNear(speed) : undefined;
}

/** The desk's number, 0 to 9. */
export function deskOf(asked: Asked): number | undefined {
  const place = Number(asked.desk);
  return Number.isInteger(place) && place >= 1 && place <= DESKS ? place - 1 : undefined;
}

export function momentAsked(asked: Asked, recorded: Recorded, bounds: Stretch): number | undefined {
  const at = momentOf(asked.t ?? null, recorded.started);
  return at === undefined ? undefined : clamped(at, bounds);
}

/** How a moment is asked for. */
export function asking(at: number, recorded: Recorded, speed: Speed, desk: number | undefined): Asked {
  return { t: written(Math.floor(at), recorded.started), speed: String(speed), desk: desk === undefined ? undefined : String(desk + 1) };
}

/** A member's address bar. */
export function memberAddress(recording: string): Address {
  const query = (asked: Asked) => withMoment(location.search, asked, recording);
  return {
    write: (asked) => history.replaceState(history.state, "", location.pathname + query(asked)),
    link: (asked) => location.origin + location.pathname + query(asked),
  };
}
