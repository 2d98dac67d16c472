/** Moving pictures of a recording: how one is ordered, and what the server says of it. */
import { type Ask, type Http, url } from "./http.ts";
import type { View } from "./protocol.ts";
import { integer, object, oneOf, optional, text } from "./read.ts";

const STATES = ["queued", "running", "done", "failed"] as const;
export type PictureFormat = "gif" | "mp4";

export interface PictureWish {
  readonly format: PictureFormat;
  /** Moments, in milliseconds; the recording's own ends where absent. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly view: Exclude<View, "full">;
  readonly night: boolean;
  /** How many minutes the clock of whoever looks is ahead of UTC. */
  readonly zone: number;
}

export interface Picture {
  readonly id: string;
  readonly state: (typeof STATES)[number];
  readonly permille: number;
  readonly bytes?: number | undefined;
  /** Why it could not be made, in a sentence. */
  readonly reason?: string | undefined;
}

export interface Pictures {
  orderPicture(recording: string, wish: PictureWish): Promise<Picture>;
  picture(id: string): Promise<Picture>;
  /** Deletes it; if it is being made, that ends. */
  dropPicture(id: string): Promise<void>;
}

function read(value: unknown): Picture {
  const fields = object(value, "export");
  return {
    id: text(fields["id"], "export.id"),
    state: oneOf(fields["state"], STATES, "export.state"),
    permille: integer(fields["permille"], "export.permille"),
    bytes: optional(fields["bytes"], integer, "export.bytes"),
    reason: optional(fields["reason"], text, "export.reason"),
  };
}

function moment(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

function order({ from, to, ...wish }: PictureWish): Ask {
  return { method: "POST", json: { ...wish, from: moment(from), to: moment(to) } };
}

export function createPictures(http: Pick<Http, "ask">): Pictures {
  return {
    orderPicture: async (recording, wish) => read(await http.ask(`/recordings/${recording}/exports`, order(wish))),
    picture: async (id) => read(await http.ask(`/exports/${id}`)),
    dropPicture: async (id) => void (await http.ask(`/exports/${id}`, { method: "DELETE" })),
  };
}

/** Where a picture that is done can be fetched, and a whole recording as a file. */
export function pictureUrl(id: string): string {
  return url(`/exports/${id}/file`);
}

export function recordingUrl(recording: string, view: View): string {
  return url(`/recordings/${recording}/file`, { view });
}
