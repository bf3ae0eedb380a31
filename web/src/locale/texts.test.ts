import { readdirSync, readFileSync } from "node:fs";
import { join as path } from "node:path";
import { expect, test } from "vitest";
import en from "./en";
import sv from "./sv";

const SOURCES = path(import.meta.dirname, "..");

function sources(): string {
  return readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".test.ts"))
    .map((file) => readFileSync(path(SOURCES, file), "utf8"))
    .join("\n");
}

test("both languages have the same texts", () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(sv).sort());
});

test("both languages fill in the same facts", () => {
  const facts = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  for (const [key, text] of Object.entries(sv)) {
    expect(facts(en[key] ?? ""), key).toEqual(facts(text));
  }
});

test("every text that is asked for exists", () => {
  const asked = [...sources().matchAll(/\bt\(\s*"([\w.]+)"/g)].map(([, key]) => key ?? "");
  const known = (key: string) => key in sv || `${key}_other` in sv;
  expect(asked.filter((key) => !known(key))).toEqual([]);
  expect(asked.length).toBeGreaterThan(100);
});
