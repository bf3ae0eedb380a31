import { describe, expect, test } from "vitest";
import { logFromPage } from "./log";
import { makeMessage, makeRoom } from "./stage";
import { withCounted, withMessage } from "./unread";

const log = logFromPage(
  { entries: [1, 2, 3, 4].map((seq) => makeMessage(seq)), at_start: true, at_end: true },
  4,
);

describe("numbers counted by the server", () => {
  test("are taken as they are when both have heard the same", () => {
    const room = makeRoom("lobby", { last_seq: 4, unread: 4 });
    const counted = { read_seq: 3, unread: 1, mentions: 0, as_of: 4 };
    expect(withCounted(room, counted, log, "astrid")).toMatchObject({ read_seq: 3, unread: 1 });
  });

  test("that are older than what was heard since have that counted on top", () => {
    const room = makeRoom("lobby", { last_seq: 4, unread: 4 });
    const counted = { read_seq: 2, unread: 0, mentions: 0, as_of: 2 };
    expect(withCounted(room, counted, log, "astrid")).toMatchObject({ read_seq: 2, unread: 2 });
  });

  test("that run ahead are not added to by what they had counted", () => {
    const room = makeRoom("lobby", { last_seq: 4, unread: 4 });
    const counted = { read_seq: 4, unread: 2, mentions: 1, as_of: 6 };
    const ahead = withCounted(room, counted, log, "astrid");
    const five = withMessage(ahead, makeMessage(5), "astrid");
    expect(withMessage(five, makeMessage(6), "astrid")).toMatchObject({ unread: 2, mentions: 1 });
    expect(withMessage(five, makeMessage(7), "astrid")).toMatchObject({ unread: 3 });
  });
});
