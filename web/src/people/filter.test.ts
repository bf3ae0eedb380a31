import { describe, expect, test } from "vitest";
import { makePerson } from "../engine/stage";
import type { ActivityType, Person, Presence } from "../lib/types";
import { departments, EVERYBODY, grouped, type Known, type View } from "./filter";

function makeType(id: string, position: number, closes_phone: boolean): ActivityType {
  return {
    id,
    label: { sv: id, en: id },
    spoken: { sv: "", en: "" },
    closes_phone,
    default_end: { kind: "none", minutes: null },
    vip_through: true,
    queue: "keep",
    colour: "red",
    icon: "clock",
    position,
    hidden: false,
    scope: "standard",
  };
}

function person(name: string, changes: Partial<Person> = {}, presence: Partial<Presence> = {}) {
  const made = makePerson(name.split(" ")[0]?.toLowerCase() ?? "", { name, ...changes });
  return { ...made, presence: { ...made.presence, ...presence } };
}

const company = [makeType("available", 0, false), makeType("meeting", 1, true)];
const known: Known = { company, starred: new Set(["birger"]), now: 0 };
const astrid = person("Astrid Åberg", { department: "Ledning" }, { activity: "meeting" });
const birger = person(
  "Birger Öst",
  { department: "Försäljning", numbers: [{ kind: "mobile", number: "+46701740605" }] },
  { activity: "available", line: "in_call" },
);
const oden = person("Örjan Ek", { department: "Försäljning" }, { activity: "available" });
const larm = person("Larm", { role: "bot" });
const gone = person("Basse Borta", { blocked: true });
const everybody = [larm, oden, birger, astrid, gone];

function shown(view: Partial<View>): Record<string, string[]> {
  const groups = grouped(everybody, { ...EVERYBODY, ...view }, known);
  return Object.fromEntries(groups.map(({ title, people }) => [title, people.map((p) => p.id)]));
}

describe("the list of people", () => {
  test("stands under letters, in the order of the Swedish alphabet", () => {
    expect(Object.entries(shown({}))).toEqual([
      ["A", ["astrid"]],
      ["B", ["birger"]],
      ["L", ["larm"]],
      ["Ö", ["örjan"]],
    ]);
  });

  test("stands under departments, those without one last", () => {
    expect(Object.keys(shown({ sort: "department" }))).toEqual([
      "Försäljning",
      "Ledning",
      "people.noDepartment",
    ]);
  });

  test("stands under activities in the company's order", () => {
    expect(shown({ sort: "activity" })).toEqual({
      available: ["birger", "örjan"],
      meeting: ["astrid"],
      "people.noActivity": ["larm"],
    });
  });

  test("finds names without their dots and numbers in any writing", () => {
    expect(Object.values(shown({ query: "aberg" })).flat()).toEqual(["astrid"]);
    expect(Object.values(shown({ query: "+467017" })).flat()).toEqual(["birger"]);
    expect(Object.values(shown({ query: "fors o" })).flat()).toEqual(["birger", "örjan"]);
  });

  test("is made shorter by department, activity, star and by who can be reached", () => {
    expect(Object.values(shown({ department: "Ledning" })).flat()).toEqual(["astrid"]);
    expect(Object.values(shown({ activity: "available" })).flat()).toEqual(["birger", "örjan"]);
    expect(Object.values(shown({ starred: true })).flat()).toEqual(["birger"]);
    expect(Object.values(shown({ reachable: true })).flat()).toEqual(["örjan"]);
  });

  test("offers the departments that there are", () => {
    expect(departments(everybody)).toEqual(["Försäljning", "Ledning"]);
  });

  test("of five thousand is there before anybody notices", () => {
    const many = Array.from({ length: 5000 }, (_, i) => person(`Person ${i}`));
    expect(grouped(many, { ...EVERYBODY, query: "person 4999" }, known)).toHaveLength(1);
  });
});
