import { expect, test } from "vitest";
import { makePerson } from "../../engine/stage";
import { extensions, kindOf, knownAs, matching, type Named } from "./plan";

const PLAN: Named[] = [
  {
    number: "+46846500401",
    kind: "fixed",
    user_id: "birger",
    display: "08-465 004 01",
    person: makePerson("birger", { name: "Birger Öst" }),
  },
  {
    number: "201",
    kind: "extension",
    user_id: "birger",
    display: "201",
    person: makePerson("birger", { name: "Birger Öst" }),
  },
  {
    number: "+46313900600",
    kind: "main",
    user_id: null,
    display: "031-390 06 00",
    person: undefined,
  },
];

test("a number is found in any writing, and by its owner", () => {
  const found = (words: string) => matching(PLAN, words).map((one) => one.number);
  expect(found("08-465")).toEqual(["+46846500401"]);
  expect(found("+46 8")).toEqual(["+46846500401"]);
  expect(found("ost")).toEqual(["+46846500401", "201"]);
  expect(found("")).toHaveLength(3);
  expect(found("basse")).toEqual([]);
});

test("each person's extension is known", () => {
  expect(extensions(PLAN)).toEqual({ birger: "201" });
});

test("a number that is there already is known in another writing", () => {
  expect(knownAs(PLAN, "+46 8 465 004 01")?.user_id).toBe("birger");
  expect(knownAs(PLAN, "08 465 00401")?.user_id).toBe("birger");
  expect(knownAs(PLAN, "20")).toBeUndefined();
});

test("what is typed tells what kind of number it is", () => {
  expect(["201", "070-174 06 05", "+46 8 465 004 00"].map(kindOf)).toEqual([
    "extension",
    "mobile",
    "fixed",
  ]);
});
