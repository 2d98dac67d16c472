/** The socket of a guest: a grant is seen to before it opens, and goes into its first message. */
import type { ClientMessage } from "../net/protocol.ts";
import type { Wire } from "../net/socket.ts";
import { Crowded, LinkEnded, type Passes } from "./pass.ts";

const NOT_AUTHENTICATED = 4401;
const ENDED = 4403;
const TOO_MANY = 4429;
const LOST = 1006;

/** A failed exchange in the words of the socket, whose link knows what to do about each. */
function codeOf(error: unknown): number {
  if (error instanceof LinkEnded) return ENDED;
  return error instanceof Crowded ? TOO_MANY : LOST;
}

/** The first message says by what right, and for which office. */
function greeting(data: string, passes: Passes): string {
  const message: ClientMessage = JSON.parse(data);
  const pass = passes.last();
  if (message.type !== "hello" || pass === undefined) return data;
  const hello: ClientMessage = { ...message, token: pass.grant, office: pass.shows.id };
  return JSON.stringify(hello);
}

/**
 * @param open opens the socket itself
 * @param tell told how it closed, or why it was not opened
 */
export function guestWire(open: () => Wire, passes: Passes, tell: (code: number) => void): Wire {
  let inner: Wire | undefined;
  let closed = false;
  const wire: Wire = {
    send: (data) => inner?.send(greeting(data, passes)),
    close(code) {
      closed = true;
      inner?.close(code);
    },
    onopen: null,
    onmessage: null,
    onclose: null,
  };

  function over(code: number): void {
    tell(code);
    wire.onclose?.({ code });
  }

  function join(grant: string): void {
    inner = open();
    inner.onopen = () => wire.onopen?.();
    inner.onmessage = (event) => wire.onmessage?.(event);
    inner.onclose = ({ code }) => {
      if (code === NOT_AUTHENTICATED) passes.forget(grant);
      // A grant that is over is no sign-in that is missing: the next try brings another.
      over(code === NOT_AUTHENTICATED ? LOST : code);
    };
  }

  passes.fresh().then(
    ({ grant }) => !closed && join(grant),
    (error: unknown) => !closed && over(codeOf(error)),
  );
  return wire;
}
