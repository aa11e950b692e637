#!/usr/bin/env node
// Feeds JSON lines to an acked source, and keeps each article until it is answered (docs/protocol.md).
//
//     npm install zeromq
//     node examples/acked_feed.js examples/articles.jsonl tcp://127.0.0.1:5555
const crypto = require("crypto");
const fs = require("fs");
const zmq = require("zeromq");

const SEQ_WINDOW = 8192, SILENCE_MS = 2000;
const seqFrame = (seq) => { const frame = Buffer.alloc(8); frame.writeBigUInt64BE(BigInt(seq)); return frame; };

async function main(path, endpoint) {
  const socket = new zmq.Dealer({ receiveTimeout: SILENCE_MS, linger: 0 });
  socket.connect(endpoint);
  const hello = ["HELLO", crypto.randomUUID()]; // a session of its own
  const lines = fs.readFileSync(path, "utf8").split("\n").filter((line) => line.trim());
  const kept = new Map(), answers = [0, 0, 0, 0]; // kept: seq → line, in rising order
  let unsent = [], credit = 0, last = 0;
  await socket.send(hello);
  while (last < lines.length || kept.size > 0) {
    const lowest = () => (kept.size ? kept.keys().next().value : last + 1);
    while (last < lines.length && unsent.length < credit && last + 1 - lowest() < SEQ_WINDOW) {
      kept.set(++last, lines[last - 1]);
      unsent.push(last);
    }
    for (; unsent.length > 0 && credit > 0; credit--) {
      const seq = unsent.shift();
      await socket.send([seqFrame(seq), "", kept.get(seq)]);
    }
    // Silence: it may have been started again. Greet it, and send again after its answer.
    const [first, second] = await socket.receive().catch(() => []);
    if (!first) { await socket.send(hello); continue; }
    if (first.toString() === "HELLO") { credit = second.readUInt32BE(); unsent = [...kept.keys()]; continue; }
    const seq = Number(first.readBigUInt64BE());
    if (kept.has(seq)) { credit++; answers[second[0]]++; second[0] === 3 ? unsent.push(seq) : kept.delete(seq); }
  }
  console.log(`${answers[0]} records, ${answers[1]} dead letters, ${answers[2]} skipped`);
}
main(process.argv[2], process.argv[3]);
