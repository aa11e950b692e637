#!/usr/bin/env node
// Takes records of an acked sink, and answers each when it is done with it (docs/protocol.md).
//
//     npm install zeromq @msgpack/msgpack
//     node examples/acked_consume.js tcp://127.0.0.1:5556    # where the sink's `connect` points to
const { decode } = require("@msgpack/msgpack");
const zmq = require("zeromq");

const CREDIT = 100, REMEMBERED = 100000;

async function main(endpoint) {
  const socket = new zmq.Router({ linger: 0 });
  await socket.bind(endpoint);
  const credit = Buffer.alloc(4);
  credit.writeUInt32BE(CREDIT);
  const greeted = new Set(), done = new Set(); // done: positions whose record was taken, oldest first
  for await (const [connection, ...frames] of socket) {
    const name = connection.toString("hex");
    if (frames[0].toString() === "HELLO") {
      greeted.add(name);
      await socket.send([connection, "HELLO", credit]);
      continue;
    }
    if (!greeted.has(name)) continue; // it was on its way when the connection broke, and comes again after HELLO
    const [seq, headers, payload] = frames;
    const position = Buffer.from(decode(headers)["gw-position"]).toString();
    if (!done.has(position)) {
      const record = decode(payload);
      // Here a real consumer stores it: once this has been answered, it is not sent again.
      console.log(record.id, record.sentiment.label, record.entities.length);
      done.add(position);
      if (done.size > REMEMBERED) done.delete(done.values().next().value);
    }
    await socket.send([connection, seq, Buffer.from([0])]);
  }
}
main(process.argv[2]);
