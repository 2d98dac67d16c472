/** A recording of the server: for members, or with a guest's requests for whoever has a link to it. */
import type { Ask, Http } from "../net/http.ts";
import type { View } from "../net/protocol.ts";
import { integer, list, number, object, oneOf, optional, text } from "../net/read.ts";
import type { Marker, Piece, Recorded, Source, Stretch } from "./contract.ts";

const VIEWS = ["full", "titles", "batches", "figures"] as const;

/** What is known of it from elsewhere: a link says to which stretch it is locked, and whose office it shows. */
export interface Given {
  readonly view?: View | undefined;
  readonly name?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

function time(value: unknown, where: string): number {
  return number(Date.parse(text(value, where)), where);
}

function marker(value: unknown): Marker {
  const fields = object(value, "marker");
  return { ...fields, at: integer(fields["at"], "marker.at"), kind: text(fields["kind"], "marker.kind") };
}

function stretch(value: unknown): Stretch {
  const [from, to] = list(value, "idle");
  return [integer(from, "idle.from"), integer(to, "idle.to")];
}

function piece(value: unknown): Piece {
  const fields = object(value, "segment");
  return {
    n: integer(fields["n"], "segment.n"),
    start: time(fields["start"], "segment.start"),
    end: time(fields["end"], "segment.end"),
    first: integer(fields["first"], "segment.first"),
    last: integer(fields["last"], "segment.last"),
    bytes: integer(fields["bytes"], "segment.bytes"),
  };
}

/**
 * What `GET /recordings/{id}` answers.
 * @throws ReadError naming what is wrong
 */
export function readRecorded(value: unknown, given: Given = {}): Recorded {
  const fields = object(value, "recording");
  const ended = optional(fields["ended"], time, "recording.ended");
  return {
    id: text(fields["id"], "recording.id"),
    hz: integer(fields["hz"], "recording.hz"),
    started: time(fields["started"], "recording.started"),
    ended,
    live: fields["open"] === true,
    view: optional(fields["view"], (view, where) => oneOf(view, VIEWS, where), "recording.view") ?? given.view ?? "full",
    markers: list(fields["markers"], "recording.markers").map(marker),
    idle: list(fields["idle"], "recording.idle").map(stretch),
    segments: list(fields["segments"], "recording.segments")
      .map(piece)
      .sort((a, b) => a.start - b.start || a.n - b.n),
    name: given.name,
    from: optional(fields["from"], time, "recording.from") ?? given.from,
    to: optional(fields["to"], time, "recording.to") ?? given.to,
  };
}

/** Only an address that names its view is the same for everybody, so only then may a browser keep what it got. */
export function serverSource(http: Pick<Http, "ask" | "text">, id: string, given: Given = {}): Source {
  let view = given.view;
  const asked = (signal: AbortSignal | undefined): Ask => ({ query: { view }, ...(signal && { signal }) });
  return {
    async about(signal) {
      const recorded = readRecorded(await http.ask(`/recordings/${id}`, asked(signal)), given);
      view = recorded.view;
      return recorded;
    },
    segment: (n, signal) => http.text(`/recordings/${id}/segments/${n}`, asked(signal)),
    open: (signal) => http.text(`/recordings/${id}/segments/open`, asked(signal)),
  };
}
