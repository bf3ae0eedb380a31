import { expect, test } from "vitest";
import type { CompanyPolicy } from "../../calendars/types";
import { doubled, seconds, tidyTable, tidyWord, withProvider } from "./rules";
import { accountOf } from "./serviceAccount";

const POLICY: CompanyPolicy = {
  keywords: [],
  standard_keywords: false,
  categories: [],
  tentative_closes: false,
  focus_closes: true,
  privacy: "generic_with_time",
  lead: 0,
  lag: 0,
  providers: ["microsoft", "google"],
};

test("a keyword is written in a few capitals", () => {
  expect(tidyWord("lun: med")).toBe("LUNM");
  expect(tidyWord("möt")).toBe("MÖT");
  expect(tidyWord("mo\u0308t")).toBe("MÖT");
  expect(tidyWord("12 -")).toBe("");
});

test("empty rows are not saved, and a word stands for one activity", () => {
  const rows = [
    { word: "LUN", type_id: "lunch" },
    { word: " ", type_id: "meeting" },
    { word: "lun", type_id: "break" },
    { word: "UTE", type_id: "" },
  ];
  expect(tidyTable(rows)).toEqual([{ word: "lun", type_id: "break" }]);
  expect(doubled(rows)).toEqual(["LUN"]);
  expect(doubled([])).toEqual([]);
});

test("a kind of account is switched without touching the others", () => {
  expect(withProvider(POLICY, "google", false)).toEqual(["microsoft"]);
  expect(withProvider(POLICY, "ics", true)).toEqual(["microsoft", "google", "ics"]);
  expect(withProvider(POLICY, "google", true)).toEqual(["microsoft", "google"]);
});

test("seconds are told as people say them", () => {
  expect(seconds(0.83, "sv-SE")).toBe("0,8 s");
  expect(seconds(12.4, "en-GB")).toBe("12 s");
  expect(seconds(null, "sv-SE")).toBe("–");
});

test("only the key file of a service account is taken", () => {
  const file = { type: "service_account", client_email: "x", private_key: "y" };
  expect(accountOf(JSON.stringify(file))).toEqual(file);
  expect(accountOf('{"client_id": 1}')).toBeNull();
  expect(accountOf("[]")).toBeNull();
  expect(accountOf("-----BEGIN")).toBeNull();
});
