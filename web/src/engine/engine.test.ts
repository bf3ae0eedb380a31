import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Problem } from "../lib/problem";
import { Engine } from "./engine";
import { History } from "./history";
import { newId } from "./ids";
import { FakeServer, type FakeWire, makeMessage, until } from "./stage";

let server: FakeServer;
const engines: Engine[] = [];

function openTab(): { engine: Engine; wire: FakeWire } {
  const engine = new Engine(server.me, { open: server.open, random: () => 0 });
  engines.push(engine);
  engine.start();
  return { engine, wire: [...server.wires].at(-1) as FakeWire };
}

function send(engine: Engine, body: string): Promise<void> {
  const created_at = new Date().toISOString();
  return engine.outbox.add({
    client_id: newId(),
    room_id: "lobby",
    body,
    reply_to: null,
    created_at,
  });
}

beforeEach(() => {
  server = new FakeServer();
  server.me.id = newId();
});

afterEach(() => {
  for (const engine of engines.splice(0)) engine.close();
});

describe("the outbox", () => {
  test("shows a message at once and forgets it when the server has it", async () => {
    const { engine } = openTab();
    await until(() => engine.store.get().ready);
    const adding = send(engine, "hej");
    expect(engine.outbox.items.get().map((item) => item.body)).toEqual(["hej"]);
    await adding;
    await until(() => engine.outbox.items.get().length === 0);
    expect(server.sentBodies).toEqual(["hej"]);
  });

  test("sends what a crashed tab left, once and in order", async () => {
    const first = openTab();
    await until(() => first.engine.store.get().ready);
    first.wire.cut();
    for (const body of ["ett", "två", "tre"]) await send(first.engine, body);
    first.engine.close();
    const second = openTab();
    await until(() => second.engine.outbox.items.get().length === 0 && server.log.length > 0);
    expect(server.sentBodies).toEqual(["ett", "två", "tre"]);
  });

  test("a lost ack leads to a repeat, not to a second message", async () => {
    const { engine } = openTab();
    await until(() => engine.store.get().ready);
    server.loseAcks = 1;
    await send(engine, "hej");
    await send(engine, "igen");
    await until(() => server.received.filter(({ name }) => name === "message.send").length >= 1);
    engine.outbox.retryNow();
    await until(() => engine.outbox.items.get().length === 0);
    expect(server.sentBodies).toEqual(["hej", "igen"]);
  });

  test("two tabs deliver each message once, each tab's in order", async () => {
    const [one, two] = [openTab(), openTab()];
    await until(() => one.engine.store.get().ready && two.engine.store.get().ready);
    const bodies = Array.from({ length: 20 }, (_, i) => `m${i}`);
    await Promise.all(bodies.map((body, i) => send((i % 2 ? one : two).engine, body)));
    await until(() => server.log.length === 20);
    const odd = server.sentBodies.filter((body) => Number(body.slice(1)) % 2);
    expect(new Set(server.sentBodies).size).toBe(20);
    expect(odd).toEqual(bodies.filter((_, i) => i % 2));
  });

  test("a refusal stays on the message and does not hold up the next", async () => {
    server.refuse = (body) =>
      body === "fel"
        ? new Problem({ type: "/problems/invalid", status: 422, detail: "Nej." })
        : null;
    const { engine } = openTab();
    await until(() => engine.store.get().ready);
    await send(engine, "fel");
    await send(engine, "rätt");
    await until(() => server.sentBodies.length === 1 && engine.outbox.items.get().length === 1);
    expect(engine.outbox.items.get()).toMatchObject([{ body: "fel", refused: "Nej." }]);
    const [item] = engine.outbox.items.get();
    await engine.outbox.discard(item?.client_id ?? "");
    expect(engine.outbox.items.get()).toEqual([]);
  });

  test("waits as long as the server asks, then goes on", async () => {
    let calls = 0;
    server.refuse = () => {
      calls += 1;
      const tooFast = { type: "/problems/too-fast", status: 429, retry_after: 0.05 };
      return calls === 1 ? new Problem(tooFast) : null;
    };
    const { engine } = openTab();
    await until(() => engine.store.get().ready);
    await send(engine, "hej");
    await until(() => server.sentBodies.length === 1);
    expect(calls).toBe(2);
  });
});

describe("the connection", () => {
  test("what was missed is fetched on return, then the snapshot again", async () => {
    const { engine, wire } = openTab();
    await until(() => engine.store.get().ready);
    await new History(engine).open("lobby");
    wire.cut();
    expect(engine.store.get().connection).toBe("offline");
    for (const seq of [1, 2, 3]) server.append(makeMessage(seq));
    wire.connect();
    await until(() => engine.store.get().logs.lobby?.rows.length === 3);
    await until(() => server.received.filter(({ name }) => name === "session.open").length === 2);
    expect(server.received.map(({ name }) => name)).toContain("room.sync");
  });

  test("a lost fact is noticed by the next one and fetched", async () => {
    const { engine } = openTab();
    await until(() => engine.store.get().ready);
    await new History(engine).open("lobby");
    server.append(makeMessage(1), false);
    server.append(makeMessage(2));
    await until(() => engine.store.get().logs.lobby?.rows.length === 2);
    expect(engine.store.get().rooms.lobby).toMatchObject({ last_seq: 2, unread: 2 });
  });
});
