import { currentLanguage, t } from "../lib/i18n";
import { clock } from "../lib/time";
import type { ActivityType, Language, Line, Online, Person } from "../lib/types";
import { back } from "./when";

export const AVAILABLE = "available";

/** What an activity looks like to others. */
export interface Look {
  id: string;
  label: string;
  colour: string;
  icon: string;
  /** Calls are not put through. */
  closes: boolean;
}

/** How somebody is just now: the activity, until when, and what their telephone does. */
export interface Status extends Look {
  until: string | null;
  /** Its time has passed and the news of what comes next is on its way. */
  ending: boolean;
  online: Online;
  line: Line | null;
}

const UNKNOWN = { colour: "gray", icon: "clock", closes: false };

/** What *person* does, in words and colour: their own types win over the *company*'s. Pure. */
export function activityOf(
  person: Pick<Person, "presence" | "activity_types">,
  company: ActivityType[],
  language: Language = currentLanguage(),
): Look {
  const id = person.presence.activity ?? AVAILABLE;
  const type = typeOf(id, person.activity_types, company);
  if (type) return lookOf(type, language);
  if (id === AVAILABLE) {
    return { ...UNKNOWN, id, label: t("activities.available"), colour: "green", icon: "check" };
  }
  return { ...UNKNOWN, id, label: t("activities.unknown") };
}

export function lookOf(type: ActivityType, language: Language = currentLanguage()): Look {
  return {
    id: type.id,
    label: wordsOf(type.label, language),
    colour: type.colour,
    icon: type.icon,
    closes: type.closes_phone,
  };
}

/** The words in *language*, or in the other one where these are missing. */
export function wordsOf(words: Partial<Record<Language, string>>, language: Language): string {
  return words[language] || words.sv || words.en || "";
}

function typeOf(
  id: string,
  own: ActivityType[] | undefined,
  company: ActivityType[],
): ActivityType | undefined {
  return own?.find((type) => type.id === id) ?? company.find((type) => type.id === id);
}

/** The types that somebody may choose among: own ones win, hidden ones are left out. In order. */
export function choices(company: ActivityType[], own: ActivityType[] | undefined): ActivityType[] {
  const types = new Map(company.map((type) => [type.id, type]));
  for (const type of own ?? []) types.set(type.id, type);
  return [...types.values()]
    .filter((type) => !type.hidden)
    .sort((a, b) => a.position - b.position || a.id.localeCompare(b.id));
}

/** How *person* is at *now* (milliseconds). Pure. */
export function statusOf(
  person: Pick<Person, "presence" | "activity_types">,
  company: ActivityType[],
  now: number,
): Status {
  const { until, line, online } = person.presence;
  const ending = until !== null && Date.parse(until) <= now;
  return { ...activityOf(person, company), until, ending, line, online };
}

/** "Lunch · åter 13:00", "Arbetar hemifrån till 17:00", "Lunch · strax slut", "Inte inloggad". */
export function statusText(status: Status, now: number): string {
  if (status.id === AVAILABLE) return t(`chat.presence.${status.online}`);
  const time = timeText(status, now);
  return time ? `${status.label}${status.closes ? " · " : " "}${time}` : status.label;
}

/** "åter 13:00" of a closed activity, "till 17:00" of an open one; empty without an end. */
export function timeText(status: Status, now: number): string {
  if (status.until === null) return "";
  if (status.ending) return t("activities.ending");
  const time = back(status.until, now);
  return t(status.closes ? "activities.back" : "activities.until", { time });
}

/** "13:00" when it is today, else the day: what fits in a small place. */
export function shortUntil(status: Status, now: number): string {
  if (status.until === null || Date.parse(status.until) <= now) return "";
  const sameDay = new Date(status.until).toDateString() === new Date(now).toDateString();
  return sameDay ? clock(status.until) : back(status.until, now, true);
}

/** Whether the telephone is in use: it rings, or somebody is on it. */
export function onLine(status: Pick<Status, "line"> | null): boolean {
  return status !== null && status.line !== null && status.line !== "idle";
}

/** Whether a call would get through now: the phone is open and nobody is on the line. */
export function reachable(status: Status): boolean {
  return !status.closes && !onLine(status);
}
