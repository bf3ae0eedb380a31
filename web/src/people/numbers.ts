import type { Person } from "../lib/types";

export interface Reach {
  kind: "extension" | "fixed" | "mobile" | "work" | "other";
  number: string;
  /** How people write it, where the server says. */
  display?: string;
}

/** The number as it is shown. */
export function written({ number, display }: Reach): string {
  return display ?? number;
}

/** A person's numbers, the company's first, each once however it is written. Pure. */
export function numbersOf(person: Person): Reach[] {
  const found: Reach[] = [];
  const all: Reach[] = [...(person.numbers ?? []), ...person.phones];
  if (person.extension && !all.some((one) => one.number === person.extension)) {
    all.push({ kind: "extension", number: person.extension });
  }
  for (const reach of all) {
    const known = found.some((one) => ending(one.number) === ending(reach.number));
    if (!known) found.push(reach);
  }
  return found.sort((a, b) => Number(a.kind === "extension") - Number(b.kind === "extension"));
}

/** The number to send a text message to, if there is one. */
export function textable(person: Person): string | undefined {
  return numbersOf(person).find((one) => one.kind === "mobile")?.number;
}

/** What goes into a tel: link. */
export function dialled(number: string): string {
  return number.replace(/[^\d+]/g, "");
}

/** The last digits, in which +46 70… and 070… are the same. */
function ending(number: string): string {
  return dialled(number).slice(-8);
}
