import { describe, expect, test } from "vitest";
import { mentionPieces, parse, plain } from "./markdown";

describe("a message", () => {
  test.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://example.com/a.png)",
  ])("with %s stays text", (body) => {
    const types = JSON.stringify(parse(body));
    expect(types).not.toMatch(/"tag":"(script|img)"/);
    expect(plain(body).length).toBeGreaterThan(0);
  });

  test.each([
    "[a](javascript:alert(1))",
    "[a](data:text/html,x)",
    "[a](/room/1)",
    "[a](ftp://example.com)",
  ])("never links to %s", (body) => {
    expect(JSON.stringify(parse(body))).not.toContain('"type":"link"');
  });

  test("links to addresses, written out or named", () => {
    const text = JSON.stringify(parse("https://example.com/a och [här](https://example.org)"));
    expect(text).toContain('"href":"https://example.com/a"');
    expect(text).toContain('"href":"https://example.org"');
  });

  test("keeps its lines, lists and code", () => {
    expect(parse("ett\ntvå")).toMatchObject([
      { tag: "p", children: [{ text: "ett" }, { type: "break" }, { text: "två" }] },
    ]);
    expect(parse("- a\n- b")).toMatchObject([
      { tag: "ul", children: [{ tag: "li" }, { tag: "li" }] },
    ]);
    expect(parse("```py\nx = 1\n```")).toMatchObject([
      { type: "block", text: "x = 1", language: "py" },
    ]);
  });

  test("on one line has no markup left", () => {
    expect(plain("**Hej** _du_\n> citat\n\n`kod`")).toBe("Hej du citat kod");
  });
});

describe("mentions", () => {
  test("are found between words, without the full stop after them", () => {
    expect(mentionPieces("Hej @birger.b. Och @alla!")).toEqual([
      { text: "Hej " },
      { text: "@birger.b", handle: "birger.b" },
      { text: ". Och " },
      { text: "@alla", handle: "alla" },
      { text: "!" },
    ]);
  });

  test("are not found in addresses", () => {
    expect(mentionPieces("astrid@example.com")).toEqual([{ text: "astrid@example.com" }]);
  });
});
