import { expect, test } from "vitest";
import { backFrom, outcomeOf } from "./consent";
import { fromChoice, toChoice } from "./policy";
import { hasContacts, withTroubles, worryOf } from "./status";
import type { CalendarConnection, ExplainedOccurrence, MyCalendar } from "./types";
import { byDay, fromCalendar, minutesUntil, soon } from "./week";

const NOW = new Date(2026, 10, 20, 9, 0).getTime();
const MINUTE = 60_000;

function at(minutes: number): string {
  return new Date(NOW + minutes * MINUTE).toISOString();
}

function connection(changes: Partial<CalendarConnection> = {}): CalendarConnection {
  return {
    id: "c1",
    provider: "caldav",
    account: "birger@example.com",
    company: false,
    status: "synced",
    trouble: null,
    synced_at: at(-1),
    push: false,
    contacts: true,
    calendars: [],
    ...changes,
  };
}

function meeting(id: string, from: number, to: number, changes = {}): ExplainedOccurrence {
  return {
    id,
    start: at(from),
    end: at(to),
    all_day: false,
    subject: "Budget",
    calendar: "Arbete",
    provider: "caldav",
    counts: true,
    rule: "C5_busy",
    sentence: "",
    activity_id: "meeting",
    ...changes,
  };
}

test("one that is lost worries more than one that is old", () => {
  const old = connection({ status: "stale" });
  expect(worryOf([])).toBeNull();
  expect(worryOf([connection(), connection({ status: "connecting" })])).toBeNull();
  expect(worryOf([connection(), old])).toBe("stale");
  expect(worryOf([old, connection({ status: "reconnect" })])).toBe("reconnect");
});

test("what went wrong is remembered until it is over", () => {
  const known = [connection({ status: "stale", trouble: "Servern svarar inte." })];
  const same = connection({ status: "stale" });
  expect(withTroubles([same], known)[0]?.trouble).toBe("Servern svarar inte.");
  expect(withTroubles([connection()], known)[0]?.trouble).toBeNull();
  expect(withTroubles([same], null)).toEqual([same]);
});

test("an address with a calendar has no contacts", () => {
  expect(hasContacts("ics")).toBe(false);
  expect(hasContacts("google")).toBe(true);
});

test("the coming days are told in order, whole days first, without what is over", () => {
  const days = byDay(
    [
      meeting("tomorrow", 24 * 60, 25 * 60),
      meeting("later", 120, 180),
      meeting("running", -30, 30),
      meeting("over", -120, -60),
      meeting("whole", 0, 15 * 60, { all_day: true }),
      meeting("long", -40 * 60, 40 * 60),
    ],
    NOW,
  );
  const told = days.map(({ ahead, occurrences }) => [ahead, occurrences.map(({ id }) => id)]);
  expect(told).toEqual([
    [0, ["whole", "long", "running", "later"]],
    [1, ["tomorrow"]],
  ]);
});

test("only a meeting that will count and begins within the hour is near", () => {
  const near = meeting("near", 25, 60);
  const others = [
    meeting("running", -5, 60),
    meeting("free", 5, 60, { counts: false, activity_id: null }),
    meeting("whole", 5, 60, { all_day: true }),
    meeting("far", 61, 90),
  ];
  expect(soon([...others, meeting("next", 59, 90), near], NOW)?.id).toBe("near");
  expect(soon(others, NOW)).toBeUndefined();
  expect(soon([meeting("edge", 60, 90)], NOW)?.id).toBe("edge");
  expect(minutesUntil(near.start, NOW)).toBe(25);
  expect(minutesUntil(at(0.2), NOW)).toBe(1);
});

test("an activity comes from a calendar when what decides says what a meeting says", () => {
  const sentence = "Möte från din CalDAV-kalender till 09:30.";
  const occurrences = [
    meeting("before", -90, -30, { sentence }),
    meeting("now", -30, 30, { sentence }),
  ];
  const longer = "Möte från din CalDAV-kalender till 09:30; åter 10:00.";
  const chosen = "Du valde Möte.";
  const calendar = (said: string): MyCalendar => ({
    now: { activity_id: "meeting", sentence: said, until: at(30) },
    occurrences,
  });
  expect(fromCalendar(calendar(sentence), "meeting", NOW)?.id).toBe("now");
  expect(fromCalendar(calendar(longer), "meeting", NOW)?.id).toBe("now");
  expect(fromCalendar(calendar(chosen), "meeting", NOW)).toBeUndefined();
  expect(fromCalendar(calendar(sentence), "lunch", NOW)).toBeUndefined();
  expect(fromCalendar({ now: null, occurrences }, "meeting", NOW)).toBeUndefined();
  expect(fromCalendar(null, "meeting", NOW)).toBeUndefined();
});

test("the address tells how a consent went, and where to go on", () => {
  expect(outcomeOf("?connected=c1")).toEqual({ connected: "c1", error: null });
  expect(outcomeOf("connect_error=state")).toEqual({ connected: null, error: "state" });
  expect(outcomeOf("?query=lind")).toBeNull();
  expect(backFrom("?connected=c1")).toBe("/profile/calendars?connected=c1");
  expect(backFrom("")).toBeNull();
});

test("a wish of three goes to the form and back", () => {
  for (const wish of [null, true, false]) expect(fromChoice(toChoice(wish))).toBe(wish);
});
