import { describe, expect, it } from "vitest";
import { Problem } from "../../lib/problem";
import { aboveForm, atField, secondsLeft } from "../parts/problemText";
import { goal } from "./goal";
import { passwordRules, strength } from "./password";

describe("the page after the sign-in", () => {
  it.each([
    ["?next=%2Fadmin%2Faudit", "/admin/audit"],
    ["", "/"],
    ["?next=https%3A%2F%2Fexample.org", "/"],
    ["?next=%2F%2Fexample.org", "/"],
    ["?next=%2F%5Cexample.org", "/"],
    ["?next=%2Fsign-in", "/"],
  ])("%s leads to %s", (search, path) => expect(goal(search)).toBe(path));
});

describe("a password", () => {
  it("has ten characters, counted as a person does", () => {
    expect(passwordRules("åäöåäöåäö").long).toBe(false);
    expect(passwordRules("åäöåäöåäö🙂").long).toBe(true);
  });

  it("is not the e-mail address", () => {
    expect(passwordRules("Astrid@Example.com", "astrid@example.com").notMail).toBe(false);
    expect(strength("astrid@example.com", "astrid@example.com")).toBe(1);
  });

  it("is better when it is longer and more varied", () => {
    expect(strength("")).toBe(0);
    expect(strength("aaaaaaaaaaaaaaaaaaaa")).toBe(1);
    expect(strength("kaffe klocka")).toBe(2);
    expect(strength("grön kaffekopp två")).toBe(4);
  });
});

describe("a refusal", () => {
  const problem = new Problem({
    type: "/problems/invalid",
    title: "Nej",
    detail: "Numret är för kort.",
    field: "phones.number",
  });

  it("is shown at the field that it names, or at its parent", () => {
    expect(atField(problem, "phones")).toBe("Numret är för kort.");
    expect(atField(problem, "phone")).toBeUndefined();
    expect(aboveForm(problem, ["name", "phones"])).toBeUndefined();
  });

  it("does not repeat the field's technical name beside the field", () => {
    const empty = new Problem({ detail: "Fältet name är tomt.", field: "name" });
    expect(atField(empty, "name")).toBe("Är tomt.");
    const english = new Problem({ detail: "The field phones is empty.", field: "phones" });
    expect(atField(english, "phones")).toBe("Is empty.");
  });

  it("is shown above the form when no field has a place for it", () => {
    expect(aboveForm(problem, ["name"])).toBe("Numret är för kort.");
  });
});

it("a countdown is in whole seconds and ends at zero", () => {
  expect(secondsLeft(10_000, 7_400)).toBe(3);
  expect(secondsLeft(10_000, 10_001)).toBe(0);
});
