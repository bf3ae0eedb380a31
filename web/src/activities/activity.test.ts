import { describe, expect, test } from "vitest";
import { makePerson } from "../engine/stage";
import type { ActivityType, Presence } from "../lib/types";
import { activityOf, choices, reachable, shortUntil, statusOf } from "./activity";
import { asksEnd, momentOfEnd, USUAL } from "./ends";
import { back, endOfWork, nextWorkday, startOfWork } from "./when";
import { wished, wishOf } from "./wish";

const NOON = Date.parse("2026-11-20T12:00:00");
const HOURS = {
  mon: [["08:00", "17:00"]],
  tue: [],
  wed: [],
  thu: [],
  fri: [
    ["13:00", "17:00"],
    ["08:00", "12:00"],
  ],
  sat: [],
  sun: [],
} as const;
const hours = structuredClone(HOURS) as unknown as Parameters<typeof endOfWork>[0];

function makeType(id: string, changes: Partial<ActivityType> = {}): ActivityType {
  return {
    id,
    label: { sv: id, en: `${id} in English` },
    spoken: { sv: "", en: "" },
    closes_phone: true,
    default_end: { kind: "minutes", minutes: 60 },
    vip_through: true,
    queue: "keep",
    colour: "orange",
    icon: "clock",
    position: 0,
    hidden: false,
    scope: "standard",
    ...changes,
  };
}

const LUNCH = makeType("lunch", { label: { sv: "Lunch", en: "Lunch" }, position: 2 });
const MEETING = makeType("meeting", { label: { sv: "Möte", en: "Meeting" }, position: 1 });
const HOME = makeType("home", { closes_phone: false, position: 3 });
const COMPANY = [MEETING, LUNCH, HOME];

function someone(presence: Partial<Presence>, own: ActivityType[] = []) {
  const person = makePerson("birger", { activity_types: own });
  return { ...person, presence: { ...person.presence, ...presence } };
}

describe("an activity", () => {
  test("is the company's unless the person has their own of that name", () => {
    const own = makeType("lunch", { label: { sv: "Fika", en: "Fika" }, closes_phone: false });
    const look = activityOf(someone({ activity: "lunch" }), COMPANY, "sv");
    expect(look).toEqual({
      id: "lunch",
      label: "Lunch",
      colour: "orange",
      icon: "clock",
      closes: true,
    });
    expect(activityOf(someone({ activity: "lunch" }, [own]), COMPANY, "sv")).toMatchObject({
      label: "Fika",
      closes: false,
    });
  });

  test("is shown in the reader's language", () => {
    expect(activityOf(someone({ activity: "meeting" }), COMPANY, "en").label).toBe("Meeting");
  });

  test("that nobody told us about keeps the phone open, and nothing is Available", () => {
    expect(activityOf(someone({ activity: "made up" }), COMPANY)).toMatchObject({ closes: false });
    expect(activityOf(someone({ activity: null }), [])).toMatchObject({
      id: "available",
      colour: "green",
    });
  });

  test("is chosen among those that are not hidden, in order, own ones too", () => {
    const own = [
      makeType("gym", { position: 9 }),
      makeType("lunch", { hidden: true, position: 2 }),
    ];
    expect(choices(COMPANY, own).map(({ id }) => id)).toEqual(["meeting", "home", "gym"]);
  });
});

describe("the clock", () => {
  const until = new Date(NOON + 30 * 60_000).toISOString();

  test("ends a row whose fact is late", () => {
    const person = someone({ activity: "lunch", until });
    expect(statusOf(person, COMPANY, NOON).ending).toBe(false);
    expect(statusOf(person, COMPANY, NOON + 31 * 60_000)).toMatchObject({
      ending: true,
      label: "Lunch",
    });
  });

  test("is short where the place is small", () => {
    const status = statusOf(someone({ activity: "lunch", until }), COMPANY, NOON);
    expect(shortUntil(status, NOON)).toBe("12:30");
    expect(shortUntil(status, NOON + 31 * 60_000)).toBe("");
  });

  test("names the day when it is another one", () => {
    const day = (days: number) => new Date(NOON + days * 86_400_000).toISOString();
    expect(back(day(1), NOON)).toBe("activities.tomorrow 12:00");
    expect(back(day(2), NOON)).toBe("sön 12:00");
    expect(back(day(20), NOON)).toBe("10 dec. 12:00");
    expect(back(day(60), NOON, true)).toBe("19 jan. 2027");
  });
});

describe("who can be reached", () => {
  test("has an open phone and nobody on the line", () => {
    const at = (presence: Partial<Presence>) => reachable(statusOf(someone(presence), COMPANY, 0));
    expect(at({ activity: "available", line: "idle" })).toBe(true);
    expect(at({ activity: "home", line: null })).toBe(true);
    expect(at({ activity: "home", line: "in_call" })).toBe(false);
    expect(at({ activity: "lunch", line: "idle" })).toBe(false);
  });
});

describe("the end", () => {
  test("of work is that of the day's last span, where the person is", () => {
    const zone = "Europe/Helsinki";
    const friday = Date.parse("2026-11-20T10:00:00Z");
    expect(endOfWork(hours, zone, friday)).toBe(Date.parse("2026-11-20T15:00:00Z"));
    expect(endOfWork(hours, zone, Date.parse("2026-11-20T15:00:00Z"))).toBeNull();
    expect(endOfWork(hours, zone, Date.parse("2026-11-21T10:00:00Z"))).toBeNull();
  });

  test("of work is right on the day on which the clocks change", () => {
    const sunday = { ...hours, sun: [["00:00", "08:00"]] as [string, string][] };
    const night = Date.parse("2027-03-28T00:30:00Z");
    expect(endOfWork(sunday, "Europe/Stockholm", night)).toBe(Date.parse("2027-03-28T06:00:00Z"));
  });

  test("is suggested at the beginning of work", () => {
    expect(startOfWork(hours, "2026-11-20")).toBe("08:00");
    expect(startOfWork(hours, "2026-11-22")).toBe("08:00");
  });

  test("is suggested on the next day with work", () => {
    expect(nextWorkday(hours, NOON)).toBe("2026-11-23");
    expect(nextWorkday({ ...hours, mon: [], fri: [] }, NOON)).toBe("2026-11-21");
  });

  test("is asked for only by a type that wants a date", () => {
    const vacation = makeType("vacation", { default_end: { kind: "date", minutes: null } });
    expect(asksEnd(vacation, USUAL)).toBe(true);
    expect(asksEnd(vacation, { kind: "minutes", minutes: 30 })).toBe(false);
    expect(asksEnd(LUNCH, USUAL)).toBe(false);
  });

  test("is a moment once it is chosen", () => {
    expect(momentOfEnd({ kind: "minutes", minutes: 30 }, null, NOON)).toBe(NOON + 1_800_000);
    expect(momentOfEnd({ kind: "at", date: "2026-11-23", time: "08:00" }, null, NOON)).toBe(
      Date.parse("2026-11-23T08:00:00"),
    );
    expect(momentOfEnd({ kind: "at", date: "", time: "08:00" }, null, NOON)).toBeNull();
  });
});

describe("a wish in the palette", () => {
  test("may say for how long or until when", () => {
    expect(wishOf("Möte 1 h", NOON)).toEqual({ words: "möte", until: NOON + 3_600_000 });
    expect(wishOf("lunch 30", NOON)).toEqual({ words: "lunch", until: NOON + 1_800_000 });
    expect(wishOf("lunch till 12.30", NOON)).toEqual({ words: "lunch", until: NOON + 1_800_000 });
    expect(wishOf("lunch till 8", NOON).until).toBe(Date.parse("2026-11-21T08:00:00"));
    expect(wishOf("rast", NOON)).toEqual({ words: "rast", until: null });
  });

  test("finds activities by the beginning of their words, in either language", () => {
    expect(wished(COMPANY, "mot").map(({ id }) => id)).toEqual(["meeting"]);
    expect(wished(COMPANY, "meet").map(({ id }) => id)).toEqual(["meeting"]);
    expect(wished(COMPANY, "")).toEqual([]);
  });
});
