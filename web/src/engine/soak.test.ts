import "fake-indexeddb/auto";
import { afterEach, expect, test } from "vitest";
import type { Entry, MessageEntry } from "../lib/types";
import { Engine } from "./engine";
import { History } from "./history";
import { newId } from "./ids";
import { FakeServer, type FakeWire, makeMessage, until } from "./stage";

/** A small generator with a seed, so that a failure can be run again. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return Math.floor((state / 4294967296) * sides);
  };
}

/** Birger does something in the room: mostly he writes, sometimes he changes what he wrote. */
function act(server: FakeServer, roll: (sides: number) => number): Entry {
  const seq = server.room.last_seq + 1;
  const messages = server.log.filter((entry) => entry.kind === "message");
  const target = messages[roll(Math.max(1, messages.length))]?.seq;
  const count = messages.length;
  const change = {
    room_id: "lobby",
    seq,
    author_id: "birger",
    sent_at: new Date(seq).toISOString(),
  };
  const kind = target === undefined ? 0 : roll(6);
  if (kind === 1) {
    return {
      ...change,
      count,
      kind: "edited",
      target: target ?? 0,
      body: `edit ${seq}`,
      mentions: [],
    };
  }
  if (kind === 2) {
    return {
      ...change,
      count,
      kind: "reacted",
      target: target ?? 0,
      emoji: "👍",
      on: roll(2) === 0,
    };
  }
  if (kind === 3)
    return { ...change, count, kind: "pinned", target: target ?? 0, on: roll(2) === 0 };
  return makeMessage(seq, { count: count + 1 });
}

/** The messages as they must look now, told from the whole log by simpler means than the engine's. */
function truth(log: Entry[]) {
  const bodies = new Map<number, string>();
  const likes = new Map<number, boolean>();
  for (const entry of log) {
    if (entry.kind === "message") bodies.set(entry.seq, entry.body);
    if (entry.kind === "edited") bodies.set(entry.target, entry.body);
    if (entry.kind === "reacted") likes.set(entry.target, entry.on);
  }
  return [...bodies].map(([seq, body]) => ({ seq, body, liked: likes.get(seq) ?? false }));
}

function shown(engine: Engine) {
  const rows = engine.store.get().logs.lobby?.rows ?? [];
  return rows
    .filter((row): row is MessageEntry => row.kind === "message")
    .map(({ seq, body, reactions }) => ({ seq, body, liked: "👍" in (reactions ?? {}) }));
}

const engines: Engine[] = [];
afterEach(() => {
  for (const engine of engines.splice(0)) engine.close();
});

test.each([1, 2, 3])(
  "after 200 acts, lost facts and cut connections the view equals the log (%i)",
  async (seed) => {
    const roll = dice(seed);
    const server = new FakeServer();
    server.me.id = newId();
    const engine = new Engine(server.me, { open: server.open, random: () => 0 });
    engines.push(engine);
    engine.start();
    await until(() => engine.store.get().current);
    await new History(engine).open("lobby");
    const [wire] = [...server.wires] as [FakeWire];
    for (let i = 0; i < 200; i += 1) {
      server.append(act(server, roll), roll(10) > 0);
      const chance = roll(30);
      if (chance === 0) wire.cut();
      if (chance < 4 && !wire.connected) wire.connect();
      if (chance === 5) await new Promise((resolve) => setTimeout(resolve, 3));
    }
    if (!wire.connected) wire.connect();
    server.append(makeMessage(server.room.last_seq + 1, { count: 1 + truth(server.log).length }));
    await until(() => engine.store.get().rooms.lobby?.last_seq === server.room.last_seq);
    expect(shown(engine)).toEqual(truth(server.log));
  },
);
