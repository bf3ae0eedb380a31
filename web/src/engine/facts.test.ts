import { describe, expect, test } from "vitest";
import type { Entry } from "../lib/types";
import { apply, type Fact, withoutStaleTyping } from "./facts";
import { logFromPage } from "./log";
import { makeMe, makeMessage, makePerson, makeRoom } from "./stage";
import { byId, emptyState, type State } from "./state";

function stateWith(last = 0): State {
  const room = makeRoom("lobby", { last_seq: last });
  const entries = Array.from({ length: last }, (_, i) => makeMessage(i + 1));
  return {
    ...emptyState(),
    ready: true,
    me: makeMe(),
    people: byId([makePerson("astrid"), makePerson("birger")]),
    rooms: { lobby: room },
    logs: { lobby: logFromPage({ entries, at_start: true, at_end: true }, last) },
  };
}

function following(state: State, ...entries: Entry[]): State {
  return entries.reduce(
    (now, entry) =>
      apply(now, { name: "room.entry", data: { room_id: entry.room_id, entry } }, 0).state,
    state,
  );
}

const change = {
  room_id: "lobby",
  author_id: "birger",
  sent_at: "2026-11-20T09:00:00.000Z",
  count: 1,
};

describe("a message", () => {
  test("by somebody else counts as unread, and as a mention when it names me or all", () => {
    const state = following(
      stateWith(),
      makeMessage(1),
      makeMessage(2, { mentions: ["astrid"] }),
      makeMessage(3, { mentions: ["all"] }),
    );
    expect(state.rooms.lobby).toMatchObject({ unread: 3, mentions: 2, last_seq: 3, last_count: 3 });
    expect(state.logs.lobby?.rows.map((row) => row.seq)).toEqual([1, 2, 3]);
  });

  test("by me on another device reads the room", () => {
    const state = following(stateWith(), makeMessage(1), makeMessage(2, { author_id: "astrid" }));
    expect(state.rooms.lobby).toMatchObject({ unread: 0, mentions: 0, read_seq: 2 });
  });

  test("heard twice is shown once", () => {
    const once = following(stateWith(), makeMessage(1));
    expect(following(once, makeMessage(1))).toEqual(once);
  });

  test("after a hole asks for what is missing and is not shown yet", () => {
    const state = stateWith(2);
    const fact: Fact = {
      name: "room.entry",
      data: { room_id: "lobby", entry: makeMessage(5) },
    };
    const outcome = apply(state, fact, 0);
    expect(outcome.gap).toBe("lobby");
    expect(outcome.state).toBe(state);
  });
});

describe("a change", () => {
  test("is seen on its target and on the room's last message", () => {
    const state = following(stateWith(), makeMessage(1), {
      ...change,
      kind: "edited",
      seq: 2,
      target: 1,
      body: "bättre",
      mentions: [],
    });
    expect(state.logs.lobby?.rows).toHaveLength(1);
    expect(state.logs.lobby?.rows[0]).toMatchObject({ body: "bättre", edited_at: change.sent_at });
    expect(state.rooms.lobby?.last_message?.body).toBe("bättre");
  });

  test("of a reaction adds and removes the person, and the emoji with the last one", () => {
    const on = (seq: number, author_id: string, yes: boolean): Entry => ({
      ...change,
      author_id,
      kind: "reacted",
      seq,
      target: 1,
      emoji: "👍",
      on: yes,
    });
    let state = following(
      stateWith(),
      makeMessage(1),
      on(2, "birger", true),
      on(3, "astrid", true),
    );
    expect(state.logs.lobby?.rows[0]).toMatchObject({ reactions: { "👍": ["birger", "astrid"] } });
    state = following(state, on(4, "birger", false), on(5, "astrid", false));
    expect(state.logs.lobby?.rows[0]).toMatchObject({ reactions: {} });
  });

  test("of a deletion leaves nothing of the text", () => {
    const state = following(stateWith(1), { ...change, kind: "deleted", seq: 2, target: 1 });
    expect(state.logs.lobby?.rows[0]).toMatchObject({ deleted: true, body: "" });
  });

  test("reaches a window that looks back, which itself does not grow", () => {
    const entries = [makeMessage(1), makeMessage(2)];
    const state = stateWith(4);
    state.logs.lobby = logFromPage({ entries, at_start: true, at_end: false }, 4);
    const next = following(state, makeMessage(5), {
      ...change,
      kind: "pinned",
      seq: 6,
      target: 2,
      on: true,
    });
    expect(next.logs.lobby?.rows).toHaveLength(2);
    expect(next.logs.lobby?.rows[1]).toMatchObject({ pinned: true });
    expect(next.rooms.lobby?.last_seq).toBe(6);
  });
});

describe("rooms", () => {
  test("members come and go, names change", () => {
    const state = following(
      stateWith(),
      { ...change, kind: "member_added", seq: 1, user_ids: ["basse", "birger"] },
      { ...change, kind: "member_left", seq: 2, user_id: "birger" },
      { ...change, kind: "renamed", seq: 3, name: "Köket", topic: "Fika" },
    );
    expect(state.rooms.lobby).toMatchObject({
      member_ids: ["astrid", "basse"],
      name: "Köket",
      topic: "Fika",
    });
  });

  test("a window behind the snapshot takes the missing entries without counting them again", () => {
    const state = stateWith(1);
    state.rooms.lobby = makeRoom("lobby", { last_seq: 3, unread: 2 });
    const next = following(state, makeMessage(2), makeMessage(3), makeMessage(4));
    expect(next.rooms.lobby).toMatchObject({ unread: 3, last_seq: 4 });
    expect(next.logs.lobby?.rows.map((row) => row.seq)).toEqual([1, 2, 3, 4]);
  });

  test("a read marker never moves back", () => {
    const read = (seq: number): Fact => ({
      name: "room.read",
      data: { room_id: "lobby", user_id: "birger", seq },
    });
    const state = apply(apply(stateWith(3), read(3), 0).state, read(1), 0).state;
    expect(state.rooms.lobby?.reads?.birger).toBe(3);
  });

  test("somebody's dots go after five seconds, or at once with the message", () => {
    const typing: Fact = { name: "room.typing", data: { room_id: "lobby", user_id: "birger" } };
    const state = apply(stateWith(), typing, 1000).state;
    expect(withoutStaleTyping(state, 5999)).toBe(state);
    expect(withoutStaleTyping(state, 6001).typing).toEqual({});
    expect(following(state, makeMessage(1)).typing.lobby).toEqual({});
  });
});

test("calendars are as they were told last", () => {
  const connections = [
    {
      id: "c1",
      provider: "caldav" as const,
      account: "astrid@example.com",
      company: false,
      status: "synced" as const,
      trouble: null,
      synced_at: "2026-11-20T09:00:00.000Z",
      push: false,
      contacts: true,
      calendars: [],
    },
  ];
  expect(emptyState().connections).toBeNull();
  const fact: Fact = { name: "connections.changed", data: { connections } };
  expect(apply(stateWith(), fact, 0).state.connections).toEqual(connections);
});
