import { expect, test } from "vitest";
import type { ContactImport } from "./types";
import { formatOf } from "./upload";
import { later } from "./useImport";

const READING: ContactImport = {
  id: "i1",
  scope: "personal",
  status: "reading",
  rows: 100,
  good: 99,
  bad: 1,
  merged: 0,
  skipped: 0,
  ignored: [],
  detail: null,
  faults: [],
};

test("a file's name tells how to read it", () => {
  expect(["a.csv", "B.VCF", "c.vcard", "d.xlsx"].map(formatOf)).toEqual([
    "csv",
    "vcard",
    "vcard",
    null,
  ]);
});

test("a late answer does not wind back an import", () => {
  const read = { ...READING, status: "read" as const, rows: 200 };
  expect(later(read, READING)).toBe(read);
  expect(later(READING, read)).toBe(read);
  expect(later({ ...READING, rows: 150 }, READING).rows).toBe(150);
  expect(later(read, { ...READING, id: "i2" }).id).toBe("i2");
});
