import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { browserWire } from "../../src/net/browser.ts";

const CLOSING = 2;

class Socket {
  static made: Socket[] = [];
  readyState = 1;
  sent: string[] = [];
  constructor() {
    Socket.made.push(this);
  }
  send(data: string): void {
    this.sent.push(data);
  }
}

beforeEach(() => void vi.stubGlobal("WebSocket", Socket));
afterEach(() => vi.unstubAllGlobals());

it("sends while the socket is open, and nothing to one that closes", () => {
  const wire = browserWire("ws://127.0.0.1/live", "tendesks.v1");
  const [socket] = Socket.made;
  wire.send("hello");
  if (socket) socket.readyState = CLOSING;
  wire.send("ack");
  expect(socket?.sent).toEqual(["hello"]);
});
