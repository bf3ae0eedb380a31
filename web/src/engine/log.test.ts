import { describe, expect, test } from "vitest";
import type { Entry } from "../lib/types";
import { logFromPage, rowAt, withNewer, withOlder, withoutStart } from "./log";
import { makeMessage } from "./stage";

function page(from: number, to: number, ends: { start?: boolean; end?: boolean } = {}) {
  const entries = Array.from({ length: to - from + 1 }, (_, i) => makeMessage(from + i));
  return { entries, at_start: ends.start ?? false, at_end: ends.end ?? false };
}

const seqs = (rows: { seq: number }[]) => [rows[0]?.seq, rows.at(-1)?.seq, rows.length];

describe("a window on the log", () => {
  test("takes older and newer pages without holes or doubles", () => {
    let log = logFromPage(page(50, 60), 100);
    log = withOlder(log, page(40, 52));
    log = withNewer(log, page(61, 70), 100);
    expect(seqs(log.rows)).toEqual([40, 70, 31]);
    expect(log).toMatchObject({ from: 40, to: 70, atStart: false, atEnd: false });
  });

  test("that grows too long loses the far end, and knows it", () => {
    const long = logFromPage(page(301, 600, { end: true }), 600);
    const up = withOlder(long, page(241, 300));
    expect(seqs(up.rows)).toEqual([241, 540, 300]);
    expect(up).toMatchObject({ to: 540, atEnd: false });
    const down = withNewer(up, page(541, 600, { end: true }), 600);
    expect(seqs(down.rows)).toEqual([301, 600, 300]);
    expect(down).toMatchObject({ from: 301, atStart: false, atEnd: true });
  });

  test("at the end reaches to what was known while asking, though the last entries show nothing", () => {
    const reacted: Entry = {
      kind: "reacted",
      room_id: "lobby",
      seq: 3,
      author_id: "birger",
      sent_at: "2026-11-20T08:00:00.000Z",
      count: 2,
      target: 1,
      emoji: "👍",
      on: true,
    };
    const log = logFromPage({ ...page(1, 2, { start: true, end: true }) }, 3);
    expect(log.to).toBe(3);
    const filtered = logFromPage(
      { entries: [makeMessage(1), makeMessage(2), reacted], at_start: true, at_end: true },
      2,
    );
    expect(filtered.to).toBe(3);
    expect(filtered.rows).toHaveLength(2);
  });

  test("may be cut to its end", () => {
    const log = withoutStart(logFromPage(page(1, 100, { start: true, end: true }), 100), 20);
    expect(log).toMatchObject({ from: 81, atStart: false, atEnd: true });
    expect(rowAt(log.rows, 80)).toBeUndefined();
    expect(rowAt(log.rows, 81)?.seq).toBe(81);
  });
});
