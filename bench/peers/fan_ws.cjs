// The fan-out of `ws` on Node: the same frames to all clients in a loop, as its documentation shows it.
// node fan_ws.cjs FRAMES: prints its port; "go" on stdin sends a frame ten times a second, "halt" stops that.
const fs = require("node:fs");
const readline = require("node:readline");
const { WebSocketServer, WebSocket } = require("ws");

const frames = fs.readFileSync(process.argv[2], "utf8").trim().split("\n").map((line) => Buffer.from(line));
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, backlog: 4096, perMessageDeflate: false });
let next = 0;
let timer;

const keyframe = () => `{"type":"keyframe","seq":${next},"tick":${next},"now":${Date.now()},"state":{}}`;

function broadcast(data) {
  for (const client of server.clients) {
    if (client.readyState === WebSocket.OPEN) client.send(data, { binary: false });
  }
}

server.on("connection", (socket) => {
  socket.on("message", () => {});
  socket.on("error", () => {});
  socket.send(keyframe());
});
server.on("listening", () => console.log(server.address().port));
readline.createInterface({ input: process.stdin }).on("line", (line) => {
  clearInterval(timer);
  if (line.trim() !== "go") return;
  broadcast(keyframe());
  timer = setInterval(() => {
    if (next < frames.length) broadcast(frames[next++]);
  }, 100);
}).on("close", () => process.exit(0));
