import { describe, expect, it } from "vitest";
import type { WorkingHours } from "../../lib/types";
import * as hours from "./hours";

const week = (changes: Partial<WorkingHours> = {}): WorkingHours =>
  hours.complete({ mon: [["08:00", "17:00"]], ...changes });

describe("a time as people write it", () => {
  it.each([
    ["8", "08:00"],
    ["08", "08:00"],
    ["830", "08:30"],
    ["0830", "08:30"],
    ["8.30", "08:30"],
    ["8:30", "08:30"],
    [" 17 00 ", "17:00"],
    ["23:59", "23:59"],
    ["0", "00:00"],
    ["24", "24:00"],
  ])("%s is %s", (written, time) => expect(hours.parseTime(written)).toBe(time));

  it.each(["", "25", "24:01", "8:60", "861", "klockan åtta", "8:3", "12345", "-8"])(
    "%s is no time",
    (written) => expect(hours.parseTime(written)).toBeNull(),
  );
});

describe("the spans of a day", () => {
  it("may touch but not overlap", () => {
    expect(
      hours.faults([
        ["08:00", "12:00"],
        ["12:00", "17:00"],
      ]),
    ).toEqual([null, null]);
    expect(
      hours.faults([
        ["08:00", "12:00"],
        ["11:59", "17:00"],
      ]),
    ).toEqual([null, "overlap"]);
  });

  it("end after they begin", () => {
    expect(hours.faults([["17:00", "08:00"]])).toEqual(["order"]);
    expect(hours.faults([["08:00", "08:00"]])).toEqual(["order"]);
  });

  it("are times", () => expect(hours.faults([["08:00", "sen"]])).toEqual(["time"]));

  it("grow by an afternoon, never past midnight", () => {
    expect(hours.withMore([])).toEqual([["08:00", "17:00"]]);
    expect(hours.withMore([["08:00", "12:00"]])).toEqual([
      ["08:00", "12:00"],
      ["13:00", "17:00"],
    ]);
    expect(hours.withMore([["08:00", "21:30"]])).toEqual([
      ["08:00", "21:30"],
      ["22:30", "24:00"],
    ]);
    expect(hours.withMore([["08:00", "23:30"]])).toEqual([["08:00", "23:30"]]);
  });

  it("are saved in the order of the clock", () => {
    const mixed = week({
      tue: [
        ["13:00", "17:00"],
        ["08:00", "12:00"],
      ],
    });
    expect(hours.sorted(mixed).tue).toEqual([
      ["08:00", "12:00"],
      ["13:00", "17:00"],
    ]);
  });
});

describe("a week", () => {
  it("takes one day's hours for all workdays and leaves the weekend", () => {
    const copied = hours.onWorkdays(week({ sat: [["10:00", "14:00"]] }), "mon");
    expect(copied.fri).toEqual([["08:00", "17:00"]]);
    expect(copied.fri[0]).not.toBe(copied.mon[0]);
    expect(copied.sat).toEqual([["10:00", "14:00"]]);
    expect(copied.sun).toEqual([]);
  });

  it("counts its hours without what is in error", () => {
    expect(hours.weekTotal(week({ tue: [["08:00", "12:30"]], wed: [["9", "8"]] }))).toBe(13.5);
  });

  it("says whether anything is wrong", () => {
    expect(hours.anyFault(week())).toBe(false);
    expect(hours.anyFault(week({ sun: [["12:00", "11:00"]] }))).toBe(true);
  });
});

it("a span has its place on the day's bar", () => {
  expect(hours.onBar(["06:00", "12:00"])).toEqual({ left: 25, width: 25 });
  expect(hours.onBar(["12:00", "06:00"]).width).toBe(0);
});
