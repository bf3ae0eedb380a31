import { expect, test } from "vitest";
import { makePerson } from "../engine/stage";
import { secondLine, shownPhone } from "./rows";
import { ofPerson } from "./sections";
import type { Contact } from "./types";

const BASSE: Contact = {
  ...ofPerson(makePerson("basse", { name: "Basse Berg", title: "Inköpare" })),
  scope: "global",
  user_id: null,
  company: "Exempel AB",
  phones: [
    { kind: "work", number: "08-465 004 00", e164: "+46846500400" },
    { kind: "mobile", number: "070-174 06 05", e164: "+46701740605" },
  ],
  note: "Ring på förmiddagen",
};

test("a row shows the number that was searched for, else the first", () => {
  expect(shownPhone(BASSE, "")?.kind).toBe("work");
  expect(shownPhone(BASSE, "+46 70 174")?.kind).toBe("mobile");
  expect(shownPhone({ ...BASSE, phones: [] }, "070")).toBeUndefined();
});

test("the line under a name tells what made it a hit", () => {
  expect(secondLine(BASSE, "")).toBe("Inköpare · Exempel AB");
  expect(secondLine(BASSE, "basse")).toBe("Inköpare · Exempel AB");
  expect(secondLine(BASSE, "formiddag")).toBe("Ring på förmiddagen");
});

test("a colleague's company goes without saying", () => {
  const colleague = { ...BASSE, user_id: "basse", department: "Lager" };
  expect(secondLine(colleague, "")).toBe("Inköpare · Lager");
});
