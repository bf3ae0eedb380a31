import "fake-indexeddb/auto";
import { afterEach, expect, test, vi } from "vitest";
import { logFromPage } from "./log";
import { Memory } from "./memory";
import { makeMe, makeMessage, makeRoom } from "./stage";
import { byId, emptyState, type State } from "./state";
import { Store } from "./store";

const memories: Memory[] = [];

function openMemory(userId: string): Memory {
  const memory = new Memory(userId);
  memories.push(memory);
  return memory;
}

/** Node has no page; this one can be hidden. */
function hidePage(): void {
  page.dispatchEvent(new Event("visibilitychange"));
}

const page = Object.assign(new EventTarget(), { visibilityState: "hidden" });
vi.stubGlobal("document", page);

function stateWith(messages: number): State {
  const entries = Array.from({ length: messages }, (_, i) => makeMessage(i + 1));
  return {
    ...emptyState(),
    ready: true,
    me: makeMe(),
    rooms: byId([makeRoom("lobby", { last_seq: messages })]),
    logs: { lobby: logFromPage({ entries, at_start: true, at_end: true }, messages) },
  };
}

afterEach(() => {
  for (const memory of memories.splice(0)) memory.close();
});

test("what was seen is there at the next visit, the end of long windows only", async () => {
  const first = openMemory("one");
  expect(await first.load()).toBeNull();
  first.watch(new Store(stateWith(100)));
  hidePage();
  await vi.waitFor(async () => expect(await openMemory("one").load()).not.toBeNull());
  const kept = await openMemory("one").load();
  expect(kept?.rooms.lobby?.last_seq).toBe(100);
  expect(kept?.logs.lobby).toMatchObject({ from: 41, to: 100, atStart: false, atEnd: true });
});

test("a sign-out leaves nothing, and nothing comes back", async () => {
  const memory = openMemory("two");
  await memory.load();
  memory.watch(new Store(stateWith(3)));
  hidePage();
  await vi.waitFor(async () => expect(await openMemory("two").load()).not.toBeNull());
  await memory.clear();
  hidePage();
  expect(await openMemory("two").load()).toBeNull();
});
