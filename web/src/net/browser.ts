/** The browser's WebSocket as the wire the pump needs. */
import type { Wire } from "./socket.ts";

export function browserWire(url: string, subprotocol: string): Wire {
  const socket = new WebSocket(url, subprotocol);
  const wire: Wire = {
    // One that closes says so in a moment; what is sent to it meanwhile is lost, and not worth a complaint.
    send: (data) => void (socket.readyState === 1 && socket.send(data)),
    close: (code) => socket.close(code),
    onopen: null,
    onmessage: null,
    onclose: null,
  };
  socket.onopen = () => wire.onopen?.();
  socket.onmessage = (event) => wire.onmessage?.({ data: event.data });
  socket.onclose = (event) => wire.onclose?.({ code: event.code });
  return wire;
}
