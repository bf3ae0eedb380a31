import { describe, expect, test } from "vitest";
import { makePerson } from "../../engine/stage";
import { accept, mentionsFor, prefixed, triggerAt, wrapped } from "./suggest";

describe("while writing", () => {
  test.each([
    ["hej @bi", { kind: "mention", query: "bi", from: 4 }],
    ["@", { kind: "mention", query: "", from: 0 }],
    ["så :smi", { kind: "emoji", query: "smi", from: 3 }],
    ["a@example", null],
    ["kl 10:30", null],
    [":s", null],
  ])("%j is noticed", (text, found) => {
    expect(triggerAt(text, text.length)).toEqual(found);
  });

  test("people are found by handle and by any part of their name", () => {
    const people = [
      makePerson("astrid", { name: "Astrid Åberg" }),
      makePerson("birger", { name: "Birger Berg" }),
    ];
    const found = (query: string) => mentionsFor(query, people, null, 5).map((one) => one.key);
    expect(found("ab")).toEqual(["astrid"]);
    expect(found("b")).toEqual(["birger"]);
    expect(found("")).toEqual(["astrid", "birger"]);
  });

  test("everybody can be named", () => {
    const everybody = { insert: "@alla", hint: "" };
    expect(mentionsFor("al", [], everybody, 5).map((one) => one.insert)).toEqual(["@alla "]);
  });

  test("what is taken replaces what was typed", () => {
    expect(accept("hej @bi där", 7, 4, "@birger ")).toEqual({ text: "hej @birger där", caret: 12 });
  });
});

describe("marks", () => {
  test("go around the words, and away again", () => {
    const bold = wrapped("en sak", 3, 6, "**");
    expect(bold.text).toBe("en **sak**");
    expect(wrapped(bold.text, bold.start, bold.end, "**").text).toBe("en sak");
  });

  test("begin every chosen line", () => {
    expect(prefixed("a\nb\nc", 0, 3, "- ").text).toBe("- a\n- b\nc");
  });
});
