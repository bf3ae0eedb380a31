import { expect, test } from "vitest";
import { makePerson } from "../engine/stage";
import { byLetter, byScope, letterOf, marksShown, ofPerson, together } from "./sections";
import type { Contact, Favourite } from "./types";

function contact(name: string, changes: Partial<Contact> = {}): Contact {
  return { ...ofPerson(makePerson(name)), name, scope: "global", user_id: null, ...changes };
}

test("names stand under their letters, and Swedish letters are letters of their own", () => {
  const rows = ["Astrid", "Évert", "Åke", "3 Kronor", " ängla"].map((name) => contact(name));
  expect(byLetter(rows).map((part) => part.label)).toEqual(["A", "E", "Å", "#", "Ä"]);
  expect(letterOf("")).toBe("#");
});

test("colleagues come before everybody outside", () => {
  const hits = [contact("Ost"), contact("Birger", { scope: "internal" })];
  const parts = byScope(hits, (scope) => scope);
  expect(parts.map((part) => [part.label, part.rows[0]?.name])).toEqual([
    ["internal", "Birger"],
    ["global", "Ost"],
  ]);
  expect(byScope([], (scope) => scope)).toEqual([]);
});

test("colleagues after the last fetched contact wait for the rest", () => {
  const people = [contact("Astrid"), contact("Rebecka")];
  const contacts = [contact("Basse"), contact("Cecilia")];
  const names = (complete: boolean) => together(people, contacts, complete).map(({ name }) => name);
  expect(names(false)).toEqual(["Astrid", "Basse", "Cecilia"]);
  expect(names(true)).toEqual(["Astrid", "Basse", "Cecilia", "Rebecka"]);
});

test("favourites show the starred and the VIPs, not the blocked", () => {
  const one: Favourite = {
    id: "f",
    kind: "contact",
    name: "Ost",
    star: false,
    vip: false,
    blocked: true,
  };
  const all = [one, { ...one, vip: true }, { ...one, kind: "number" as const, star: true }];
  expect(marksShown(all)).toEqual([all[1]]);
});
