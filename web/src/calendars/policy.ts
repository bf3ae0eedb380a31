import type { Privacy } from "./types";

export const PRIVACIES: Privacy[] = ["generic_with_time", "generic_without_time", "ignore"];

export type TentativeChoice = "company" | "closes" | "opens";

/** A wish of three, as a choice: null is as the company has it. Pure. */
export function toChoice(closes: boolean | null): TentativeChoice {
  if (closes === null) return "company";
  return closes ? "closes" : "opens";
}

export function fromChoice(choice: TentativeChoice): boolean | null {
  return choice === "company" ? null : choice === "closes";
}
