import { AVAILABLE, reachable, statusOf } from "../activities/activity";
import { folded } from "../chat/names";
import { currentLocale, t } from "../lib/i18n";
import type { ActivityType, Person } from "../lib/types";

export type Sort = "name" | "department" | "activity";

/** What of the company's people is shown, and in which order. */
export interface View {
  query: string;
  department: string | null;
  activity: string | null;
  reachable: boolean;
  starred: boolean;
  sort: Sort;
}

export const EVERYBODY: View = {
  query: "",
  department: null,
  activity: null,
  reachable: false,
  starred: false,
  sort: "name",
};

/** People under a heading: a letter, a department, an activity. */
export interface Group {
  title: string;
  people: Person[];
}

export interface Known {
  company: ActivityType[];
  starred: ReadonlySet<string>;
  now: number;
}

/** The people that *view* lets through, in groups. Pure but for the reader's language. */
export function grouped(people: Person[], view: View, known: Known): Group[] {
  const words = folded(view.query).split(/\s+/).filter(Boolean);
  const collator = new Intl.Collator(currentLocale());
  const kept = people.filter(
    (one) => !one.blocked && fits(one, view, known) && words.every((word) => has(one, word)),
  );
  kept.sort((a, b) => collator.compare(a.name, b.name));
  const groups = new Map<string, Person[]>();
  for (const person of kept) {
    const title = titleOf(person, view.sort, known);
    const group = groups.get(title);
    if (group) group.push(person);
    else groups.set(title, [person]);
  }
  const found = [...groups].map(([title, members]) => ({ title, people: members }));
  return found.sort(
    (a, b) => rank(a, view.sort, known) - rank(b, view.sort, known) || compare(a, b),
  );
  function compare(a: Group, b: Group): number {
    return collator.compare(a.title, b.title);
  }
}

/** Every department that somebody is in, in order. */
export function departments(people: Person[]): string[] {
  const names = new Set(people.filter((one) => !one.blocked).map((one) => one.department));
  names.delete("");
  return [...names].sort(new Intl.Collator(currentLocale()).compare);
}

function fits(person: Person, view: View, known: Known): boolean {
  if (view.department !== null && person.department !== view.department) return false;
  if (view.starred && !known.starred.has(person.id)) return false;
  if (view.activity !== null) {
    if (person.role === "bot") return false;
    if ((person.presence.activity ?? AVAILABLE) !== view.activity) return false;
  }
  if (!view.reachable) return true;
  return person.role !== "bot" && reachable(statusOf(person, known.company, known.now));
}

/** Words of a person, folded once: the object is another one when anything of it changes. */
const folding = new WeakMap<Person, string[]>();

function has(person: Person, wanted: string): boolean {
  let words = folding.get(person);
  if (!words) {
    words = folded(searchable(person)).split(/[\s@.,_-]+/);
    folding.set(person, words);
  }
  return words.some((word) => word.startsWith(wanted));
}

function searchable(person: Person): string {
  const phones = [...person.phones, ...(person.numbers ?? [])].flatMap(({ number }) => [
    number,
    number.replace(/[^\d+]/g, ""),
  ]);
  const { name, handle, title, department, email, extension, presence } = person;
  return [name, handle, title, department, email, extension, presence.note, ...phones].join(" ");
}

function titleOf(person: Person, sort: Sort, known: Known): string {
  if (sort === "department") return person.department || t("people.noDepartment");
  if (sort === "activity") {
    if (person.role === "bot") return t("people.noActivity");
    return statusOf(person, known.company, known.now).label;
  }
  const letter = person.name.trim().charAt(0).toLocaleUpperCase(currentLocale());
  return /\p{L}/u.test(letter) ? letter : "#";
}

/** Where a group stands before the alphabet decides. */
function rank(group: Group, sort: Sort, known: Known): number {
  const [first] = group.people;
  if (!first) return 0;
  if (sort === "department") return first.department ? 0 : 1;
  if (sort !== "activity") return 0;
  if (first.role === "bot") return Number.MAX_SAFE_INTEGER;
  const id = first.presence.activity ?? AVAILABLE;
  const at = known.company.findIndex((type) => type.id === id);
  return at < 0 ? known.company.length : at;
}
