import { expect, test } from "vitest";
import { isEditable, outside } from "./sources";
import type { Contact } from "./types";

function contact(changes: Partial<Contact> = {}): Contact {
  return {
    id: "k1",
    scope: "personal",
    user_id: null,
    name: "Cecilia Berg",
    title: "",
    department: "",
    company: "",
    phones: [],
    emails: [],
    note: "",
    source: "manual",
    updated_at: "2026-11-20T08:00:00Z",
    favourite: null,
    ...changes,
  };
}

test("a contact of one's own comes from nowhere else and can be changed", () => {
  expect(outside(contact())).toEqual([]);
  expect(isEditable(contact())).toBe(true);
});

test("one that is synced tells where from, and is changed there", () => {
  const link = "https://contacts.example.com/k1";
  const found = contact({ source: "google", link, read_only: true });
  expect(outside(found)).toEqual([{ provider: "google", link, read_only: true }]);
  expect(isEditable(found)).toBe(false);
});

test("one that several tell of names each of them once", () => {
  const google = { provider: "google", link: "https://example.com/1", read_only: true };
  const own = { provider: "vaxel", link: null, read_only: false };
  const found = contact({ source: "manual", sources: [own, google, google] });
  expect(outside(found)).toEqual([google]);
  expect(isEditable(found)).toBe(true);
});
