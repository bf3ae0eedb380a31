import { describe, expect, test } from "vitest";
import { logFromPage } from "../../engine/log";
import type { Unsent } from "../../engine/outbox";
import { makeMessage } from "../../engine/stage";
import type { MessageEntry } from "../../lib/types";
import { buildItems } from "./items";

function itemsOf(entries: MessageEntry[], changes: object = {}, unsent: Unsent[] = []) {
  const log = logFromPage({ entries, at_start: true, at_end: true }, entries.length);
  return buildItems(log, unsent, { myId: "astrid", freshAfter: null, reads: null, ...changes });
}

const at = (minute: number) => new Date(2026, 10, 20, 8, minute).toISOString();

describe("the rows of a room", () => {
  test("a person's messages within five minutes go together, an answer stands alone", () => {
    const items = itemsOf([
      makeMessage(1, { sent_at: at(0) }),
      makeMessage(2, { sent_at: at(1) }),
      makeMessage(3, { sent_at: at(2), reply_to: 1 }),
      makeMessage(4, { sent_at: at(9) }),
      makeMessage(5, { sent_at: at(10), author_id: "astrid" }),
    ]);
    expect(items.map((item) => item.head)).toEqual([true, false, true, true, true]);
    expect(items.map((item) => item.day !== null)).toEqual([true, false, false, false, false]);
  });

  test("the line stands before the first message that is new to me and not by me", () => {
    const items = itemsOf(
      [makeMessage(1), makeMessage(2, { author_id: "astrid" }), makeMessage(3), makeMessage(4)],
      { freshAfter: 1 },
    );
    expect(items.map((item) => item.fresh)).toEqual([false, false, true, false]);
  });

  test("each reader stands under the last message they have seen, not under their own", () => {
    const entries = [makeMessage(1, { author_id: "astrid" }), makeMessage(2), makeMessage(3)];
    const reads = { astrid: 3, birger: 3, rebecka: 1, basse: 0 };
    expect(itemsOf(entries, { reads }).map((item) => item.seenBy)).toEqual(["rebecka", "", ""]);
  });

  test("a message on its way keeps its row when the answer comes", () => {
    const unsent: Unsent = {
      order: 1,
      client_id: "mine",
      room_id: "lobby",
      body: "hej",
      reply_to: null,
      created_at: at(0),
    };
    const before = itemsOf([makeMessage(1)], {}, [unsent]);
    const arrived = makeMessage(2, { author_id: "astrid", client_id: "mine" });
    const after = itemsOf([makeMessage(1), arrived], {}, [unsent]);
    expect(after).toHaveLength(2);
    expect(after.at(-1)?.key).toBe(before.at(-1)?.key);
  });
});
