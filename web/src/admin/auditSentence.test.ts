import { describe, expect, it } from "vitest";
import sv from "../locale/sv/admin.json";
import { byDay, changes, type Say, sentence, shown } from "./auditSentence";
import type { AuditEntry } from "./types";

const texts: Record<string, string> = sv;
const say: Say = (key) => texts[key.replace(/^admin\./, "")] ?? key;

function entry(action: string, more: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: "1",
    at: "2026-11-20T08:00:00.000Z",
    actor_id: "astrid",
    actor_name: "Astrid",
    action,
    target: "birger",
    target_name: "Birger",
    changes: {},
    ...more,
  };
}

const read = (found: AuditEntry) =>
  sentence(found, say)
    .map(({ text }) => text)
    .join("");

describe("an audit sentence", () => {
  it("says who blocked whom, with the names standing out", () => {
    expect(read(entry("person.blocked"))).toBe("Astrid blockerade Birger");
    expect(sentence(entry("person.blocked"), say).filter(({ strong }) => strong)).toEqual([
      { text: "Astrid", strong: true },
      { text: "Birger", strong: true },
    ]);
  });

  it("names a connection by where it leads", () => {
    const all: Say = (key) => (key === "calendars.provider.google" ? "Google" : say(key));
    const found = sentence(entry("connection.made", { target_name: "google" }), all);
    expect(found.map(({ text }) => text).join("")).toBe("Astrid anslöt företagets Google");
  });

  it("knows what one does to oneself", () => {
    const own = entry("profile.changed", { target: "astrid", target_name: "Astrid" });
    expect(read(own)).toBe("Astrid ändrade sin profil");
  });

  it("names the console when nobody was signed in", () => {
    expect(read(entry("person.blocked", { actor_id: "", actor_name: "" }))).toBe(
      "Serverns konsol blockerade Birger",
    );
  });

  it("has words for an action that it does not know", () => {
    expect(read(entry("lamp.lit"))).toBe("Astrid gjorde lamp.lit med Birger");
  });

  it("is not fooled by braces in a name", () => {
    expect(read(entry("person.blocked", { target_name: "{actor}" }))).toBe(
      "Astrid blockerade {actor}",
    );
  });
});

describe("a change", () => {
  it("is told as old and new, in words", () => {
    const found = entry("person.changed", {
      changes: { plan: ["basic", "pro"], title: ["", "Säljare"], blocked: [false, true] },
    });
    expect(changes(found, say)).toEqual([
      { field: "Plan", before: "Basic", after: "Pro" },
      { field: "Titel", before: "–", after: "Säljare" },
      { field: "Blockerad", before: "nej", after: "ja" },
    ]);
  });

  it("does not repeat what the sentence has said", () => {
    const found = entry("person.blocked", { changes: { blocked: [false, true] } });
    expect(changes(found, say)).toEqual([]);
  });

  it("shows numbers by themselves, and unknown fields by their name", () => {
    expect(
      shown(
        "phones",
        [
          { kind: "work", number: "08-1" },
          { kind: "mobile", number: "070-2" },
        ],
        say,
      ),
    ).toBe("08-1, 070-2");
    expect(shown("phones", [], say)).toBe("–");
    expect(changes(entry("x", { changes: { shoe: [41, 42] } }), say)[0]).toEqual({
      field: "shoe",
      before: "41",
      after: "42",
    });
  });
});

it("entries are gathered by day, in the order they came", () => {
  const days = byDay([{ at: "b2" }, { at: "b1" }, { at: "a1" }], (at) => at[0] ?? "");
  expect(days.map(({ day, entries }) => [day, entries.length])).toEqual([
    ["b", 2],
    ["a", 1],
  ]);
});
