import { describe, expect, it } from "vitest";
import { COLUMNS, cell, decode, roughRows, template } from "./csv";

const bytes = (...values: number[]) => new Uint8Array(values).buffer as ArrayBuffer;

describe("the template", () => {
  it.each([
    ["sv", ";"],
    ["en", ","],
  ] as const)("in %s names every column, separated by %s", (language, separator) => {
    const text = template(language);
    expect(text.startsWith("\uFEFF")).toBe(true);
    const lines = text.slice(1).trimEnd().split("\r\n");
    expect(lines[0]).toBe(COLUMNS.join(separator));
    for (const line of lines) expect(line.split(separator)).toHaveLength(COLUMNS.length);
  });
});

describe("a cell", () => {
  it.each([
    ["Säljare", ";", "Säljare"],
    ["Sälj; marknad", ";", '"Sälj; marknad"'],
    ["Sälj; marknad", ",", "Sälj; marknad"],
    ['Kallad "Basse"', ";", '"Kallad ""Basse"""'],
    ["två\nrader", ",", '"två\nrader"'],
  ])("%j is written so that it is read back", (value, separator, written) => {
    expect(cell(value, separator)).toBe(written);
  });
});

describe("a file", () => {
  it("is read as UTF-8, else as what older Excel writes", () => {
    expect(decode(bytes(0xc3, 0x96, 0x73, 0x74))).toBe("Öst");
    expect(decode(bytes(0xd6, 0x73, 0x74))).toBe("Öst");
  });

  it.each([
    ["", 0],
    ["email;name\r\n", 0],
    ["email;name\r\na@example.com;A\r\n;;\r\n\r\nb@example.com;B", 2],
  ])("%j has %i rows", (text, rows) => expect(roughRows(text)).toBe(rows));
});
