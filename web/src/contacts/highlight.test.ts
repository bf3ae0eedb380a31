import { expect, test } from "vitest";
import { digitsIn, highlight, isHit } from "./highlight";

const hits = (text: string, query: string) =>
  highlight(text, query)
    .filter((piece) => piece.hit)
    .map((piece) => piece.text);

test("the beginnings of words are marked, whatever the accents", () => {
  expect(hits("Åsa Öström", "as ost")).toEqual(["Ås", "Öst"]);
  expect(hits("Åsa Öström", "strom")).toEqual([]);
  expect(highlight("Åsa", "å").map((piece) => piece.text)).toEqual(["Å", "sa"]);
});

test("a number is marked in another writing than it was asked for", () => {
  expect(hits("070-174 06 05", "+46 70 174")).toEqual(["70-174"]);
  expect(hits("+46 70 174 06 05", "0701740605")).toEqual(["70 174 06 05"]);
  expect(hits("08-465 004 12", "465004")).toEqual(["465 004"]);
});

test("only what looks like a number is read as one", () => {
  expect(digitsIn("070-174 06")).toBe("07017406");
  expect(digitsIn("plan 2")).toBe("");
  expect(isHit("Plan 2", "plan 2")).toBe(true);
});

test("the pieces make up the whole text again", () => {
  for (const query of ["", "a", "070", "exempel ab"]) {
    const text = "Exempel AB, 070-174 06 05";
    expect(
      highlight(text, query)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
  }
});
