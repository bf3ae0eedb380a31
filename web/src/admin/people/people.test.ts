import { describe, expect, it } from "vitest";
import type { AdminPerson } from "../types";
import { changed, draftOf, newDraft, tidy } from "./draft";
import { EVERYONE, matching, statusOf, tally } from "./filter";

function person(name: string, changes: Partial<AdminPerson> = {}): AdminPerson {
  const handle = name.split(" ")[0]?.toLowerCase() ?? "";
  return {
    id: handle,
    handle,
    name,
    title: "",
    department: "",
    phones: [],
    email: `${handle}@example.com`,
    picture: null,
    language: "sv",
    time_zone: "Europe/Stockholm",
    plan: "pro",
    role: "member",
    blocked: false,
    presence: {
      user_id: handle,
      online: "offline",
      activity: null,
      until: null,
      line: null,
      note: "",
    },
    activity_types: [],
    extension: null,
    numbers: [],
    invited: false,
    last_seen_at: null,
    ...changes,
  };
}

const astrid = person("Astrid Åberg", { role: "admin", plan: "business", department: "Ledning" });
const birger = person("Birger Öst", { phones: [{ kind: "work", number: "08-123 45 67" }] });
const basse = person("Basse André", { plan: "basic", invited: true });
const rebecka = person("Rebecka Ek", { role: "attendant", blocked: true, invited: true });
const robot = person("Larm", { role: "bot" });
const all = [birger, rebecka, basse, robot, astrid];

const names = (people: AdminPerson[]) => people.map(({ handle }) => handle);

describe("finding people", () => {
  it("lists everyone but bots, by name", () => {
    expect(names(matching(all, EVERYONE))).toEqual(["astrid", "basse", "birger", "rebecka"]);
  });

  it.each([
    ["åberg", ["astrid"]],
    ["aberg", []],
    ["andre", ["basse"]],
    ["ANDRÉ basse", ["basse"]],
    ["081234567", ["birger"]],
    ["ledn example.com", ["astrid"]],
    ["@reb", ["rebecka"]],
  ])("%s finds %j", (words, found) => {
    expect(names(matching(all, { ...EVERYONE, words }))).toEqual(found);
  });

  it("narrows by plan, role and status", () => {
    expect(names(matching(all, { ...EVERYONE, plan: "basic" }))).toEqual(["basse"]);
    expect(names(matching(all, { ...EVERYONE, role: "attendant" }))).toEqual(["rebecka"]);
    expect(names(matching(all, { ...EVERYONE, status: "invited" }))).toEqual(["basse"]);
    expect(names(matching(all, { ...EVERYONE, plan: "pro", status: "active" }))).toEqual([
      "birger",
    ]);
  });

  it("a blocked person is not waited for", () => expect(statusOf(rebecka)).toBe("blocked"));

  it("counts people by status", () => {
    expect(tally(all)).toEqual({ active: 2, invited: 1, blocked: 1 });
  });
});

describe("an administrator's changes", () => {
  it("hold only what differs", () => {
    const before = draftOf(birger);
    expect(changed(before, before)).toEqual({});
    expect(changed(before, { ...before, plan: "business", name: " Birger Öst " })).toEqual({
      plan: "business",
    });
  });

  it("leave out numbers that were never filled in", () => {
    const draft = { ...newDraft("sv"), phones: [{ kind: "work" as const, number: "  " }] };
    expect(tidy(draft).phones).toEqual([]);
  });
});
