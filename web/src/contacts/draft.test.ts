import { expect, test } from "vitest";
import { changesTo, draftOf, looksLikeNumber, rowFaults, tidy } from "./draft";
import type { Contact } from "./types";

const CONTACT: Contact = {
  id: "c1",
  scope: "personal",
  user_id: null,
  name: "Basse Berg",
  title: "",
  department: "",
  company: "Exempel AB",
  phones: [{ kind: "mobile", number: "070-174 06 05", e164: "+46701740605" }],
  emails: ["basse@example.org"],
  note: "",
  source: "manual",
  updated_at: "2026-11-20T08:00:00.000Z",
  favourite: null,
};

test("an untouched contact has nothing to save", () => {
  expect(changesTo(CONTACT, draftOf(CONTACT))).toEqual({});
});

test("only what was changed is sent", () => {
  const draft = draftOf(CONTACT);
  draft.phones.push({ kind: "work", number: " 08-465 004 00 " }, { kind: "other", number: "  " });
  expect(changesTo(CONTACT, draft)).toEqual({
    phones: [
      { kind: "mobile", number: "070-174 06 05" },
      { kind: "work", number: "08-465 004 00" },
    ],
  });
});

test("a new contact begins with room for a number and an address, which may stay empty", () => {
  const draft = draftOf(null);
  expect([draft.phones.length, draft.emails.length]).toEqual([1, 1]);
  expect(tidy({ ...draft, name: " Basse " })).toMatchObject({
    name: "Basse",
    phones: [],
    emails: [],
  });
});

test("a refused list points at the rows that do not look right", () => {
  const refused = (field: string) => (name: string) => (name === field ? "Nej." : undefined);
  const faults = (field: string, ...numbers: string[]) =>
    rowFaults(numbers, "phones", refused(field), looksLikeNumber);
  expect(faults("phones", "070-174 06 05", "växeln")).toEqual({
    rows: [undefined, "Nej."],
    whole: undefined,
  });
  expect(faults("phones.0", "070-174 06 05", "växeln").rows).toEqual(["Nej.", undefined]);
  expect(faults("phones", "201").whole).toBe("Nej.");
  expect(faults("name", "växeln")).toEqual({ rows: [undefined], whole: undefined });
});
