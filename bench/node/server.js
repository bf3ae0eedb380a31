// The minimal chat in Node: insert with majority, emit to the room, ack. Nothing else that a product needs.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { MongoClient } from "mongodb";
import { Server } from "socket.io";

const [port, mongoUrl] = [Number(process.argv[2]), process.argv[3]];
const mongo = await MongoClient.connect(mongoUrl, { writeConcern: { w: "majority" }, maxPoolSize: 100 });
const entries = mongo.db("bench_node").collection("entries");
await entries.createIndex({ room_id: 1, sent_at: 1 });

const http = createServer();
const io = new Server(http, { path: "/socket.io" });

io.on("connection", (socket) => {
  for (const room of socket.handshake.auth.rooms ?? []) socket.join(room);

  socket.on("join", ({ room_id }, ack) => {
    socket.join(room_id);
    ack({ ok: true, data: {} });
  });

  socket.on("message.send", async ({ room_id, body, client_id }, ack) => {
    const entry = {
      _id: randomUUID(),
      room_id,
      kind: "message",
      author_id: socket.id,
      sent_at: new Date().toISOString(),
      client_id,
      body,
    };
    await entries.insertOne(entry);
    io.to(room_id).emit("room.entry", { room_id, entry });
    ack({ ok: true, data: entry });
  });

  socket.on("room.sync", async ({ cursors }, ack) => {
    const rooms = {};
    for (const room_id of Object.keys(cursors)) {
      const newest = await entries.find({ room_id }).sort({ sent_at: -1 }).limit(50).toArray();
      rooms[room_id] = { entries: newest.reverse(), limited: false };
    }
    ack({ ok: true, data: { rooms } });
  });
});

http.listen({ port, host: "127.0.0.1", backlog: 4096 }, () => console.log("ready"));
