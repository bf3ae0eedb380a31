import { afterEach, beforeEach, expect, test, vi } from "vitest";
import "fake-indexeddb/auto";
import { Engine } from "../engine/engine";
import { FakeServer, until } from "../engine/stage";
import { marked, marksIn, setMarks, UNMARKED } from "./favourites";
import type { Favourite } from "./types";

const BIRGER: Favourite = {
  id: "f1",
  kind: "person",
  user_id: "birger",
  name: "Birger",
  star: true,
  vip: false,
  blocked: false,
};

test("a change of one target leaves the others alone", () => {
  const list = marked([BIRGER], "contact", "c1", { vip: true });
  expect(marksIn(list, "person", "birger").star).toBe(true);
  expect(marksIn(list, "contact", "c1")).toMatchObject({ star: false, vip: true });
  expect(marksIn(list, "person", "c1")).toEqual(UNMARKED);
});

test("a mark is taken off the row that is there", () => {
  const list = marked([BIRGER], "person", "birger", { star: false });
  expect(list).toHaveLength(1);
  expect(list[0]).toMatchObject({ id: "f1", star: false });
});

let engine: Engine;
const answers: number[] = [];

beforeEach(async () => {
  const server = new FakeServer();
  engine = new Engine(server.me, { open: server.open, random: () => 0 });
  engine.start();
  await until(() => engine.store.get().current);
  vi.stubGlobal("fetch", async () => {
    const status = answers.shift() ?? 200;
    const body = status === 200 ? {} : { type: "/problems/not-found", title: "x", status };
    return new Response(JSON.stringify(body), { status });
  });
});

afterEach(() => {
  engine.close();
  vi.unstubAllGlobals();
});

test("clicks on the same star arrive in order and the last one stands", async () => {
  const both = [
    setMarks(engine, "person", "birger", { star: true }),
    setMarks(engine, "person", "birger", { star: false }),
  ];
  expect(await Promise.all(both)).toEqual([true, true]);
  expect(marksIn(engine.store.get().favourites, "person", "birger").star).toBe(false);
});

test("a refused mark is taken back", async () => {
  answers.push(404);
  expect(await setMarks(engine, "contact", "gone", { vip: true })).toBe(false);
  expect(marksIn(engine.store.get().favourites, "contact", "gone")).toEqual(UNMARKED);
});
