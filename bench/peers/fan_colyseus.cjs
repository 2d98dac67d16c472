// The same office as the state of a Colyseus room; its patches go out ten times a second.
// node fan_colyseus.cjs FRAMES SEATS PATHS [live]: FRAMES has a keyframe and diffs, one a line; one seat for each client is
// reserved, and its path written to PATHS. Prints its port; "go" on stdin lets the state change, "halt" stops that.
// live: every bar is moved at every tick, which is how such rooms show progress.
const fs = require("node:fs");
const readline = require("node:readline");
const { Room, Server, matchMaker } = require("@colyseus/core");
const { schema } = require("@colyseus/schema");
const { WebSocketTransport } = require("@colyseus/ws-transport");

const [, , framesFile, seats, pathsFile, live] = process.argv;
const frames = fs.readFileSync(framesFile, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const TICK_MS = 100;

const Desk = schema({
  worker: "string", activity: "string", since: "number", execution: "string", task: "string", batch: "string",
  title: "string", note: "string", attempt: "uint16", attempts: "uint16", drawnAt: "number", permille: "number",
  remaining: "number", reported: "boolean", until: "number", reason: "string", place: "string", path: "string",
  progress: "float32",
});
const Batch = schema({
  name: "string", state: "string", total: "number", done: "number", failed: "number", running: "number",
  order: "number", eta: "number", etaMost: "number",
});
const Office = schema({
  id: "string", name: "string", tier: "string", slots: "number", running: "number", finished: "number",
  waiting: "number", perhour: "number", eta: "number", etaMost: "number", used: "number", limit: "number", resets: "number",
  upstairs: "number", desks: { map: Desk }, batches: { map: Batch },
});

// Our names of what is an array or has two names there.
const SPREAD = {
  attempt: ["attempt", "attempts"], progress: ["drawnAt", "permille", "remaining", "reported"], eta: ["eta", "etaMost"],
};

function assign(target, patch) {
  for (const [key, value] of Object.entries(patch)) {
    if (key === "path") target.path = value === null ? undefined : JSON.stringify(value);
    else if (SPREAD[key]) SPREAD[key].forEach((name, n) => { target[name] = value === null ? undefined : name === "reported" ? !!value[n] : value[n]; });
    else target[key] = value === null ? undefined : value;
  }
}

function assignMap(map, patch, Kind) {
  for (const [key, value] of Object.entries(patch ?? {})) {
    if (value === null) map.delete(key);
    else {
      if (!map.has(key)) map.set(key, new Kind());
      assign(map.get(key), value);
    }
  }
}

function apply(state, patch) {
  assign(state, { ...patch.office, ...patch.queue, ...patch.quota });
  if (patch.overflow?.count !== undefined) state.upstairs = patch.overflow.count;
  assignMap(state.desks, patch.desks, Desk);
  assignMap(state.batches, patch.batches, Batch);
}

class OfficeRoom extends Room {
  onCreate() {
    this.autoDispose = false;
    this.seatReservationTimeout = 600;
    this.patchRate = TICK_MS;
    this.state = new Office();
    let next = 0;
    let tick = 0;
    let base = 0;
    apply(this.state, frames[next++].state);
    this.onMessage("*", () => {});
    this.clock.setInterval(() => {
      if (!going) return;
      tick += 1;
      while (next < frames.length && frames[next].tick <= tick) apply(this.state, frames[next++].patch);
      if (live) this.drawAll((base += TICK_MS));
    }, TICK_MS);
  }

  drawAll(elapsed) {
    const now = Number(process.env.BASE_MS) + elapsed;
    for (const desk of this.state.desks.values()) {
      if (desk.activity !== "working" || !desk.remaining) continue;
      const line = desk.permille + ((1000 - desk.permille) * (now - desk.drawnAt)) / desk.remaining;
      desk.progress = Math.min(desk.reported ? 1 : 0.95, line / 1000);
    }
  }
}

let going = false;
const transport = new WebSocketTransport({ pingInterval: 20000 });
const server = new Server({ transport, greet: false, gracefullyShutdown: false });
server.define("office", OfficeRoom);
server.listen(0, "127.0.0.1", 4096).then(async () => {
  const room = await matchMaker.createRoom("office", {});
  const paths = [];
  for (let n = 0; n < Number(seats); n++) {
    const seat = await matchMaker.reserveSeatFor(room, {});
    paths.push(`/${room.processId}/${room.roomId}?sessionId=${seat.sessionId}`);
  }
  fs.writeFileSync(pathsFile, `${paths.join("\n")}\n`);
  console.log(transport.server.address().port);
});
readline.createInterface({ input: process.stdin })
  .on("line", (line) => { going = line.trim() === "go"; })
  .on("close", () => process.exit(0));
