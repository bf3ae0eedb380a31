import { folded } from "../chat/names";
import type { ActivityType } from "../lib/types";
import { lookOf } from "./activity";

/** What somebody typed in the palette: "möte 1 h", "lunch till 12.30", "rast". */
export interface Wish {
  words: string;
  /** When it should end, in milliseconds; null when nothing was said. */
  until: number | null;
}

const FOR = /^(.*?)\s+(\d{1,3})\s*(m|min|minuter|minutes|h|t|tim|timme|timmar|hour|hours)?$/;
const UNTIL = /^(.*?)\s+(?:till|until|to)\s+(?:kl\.?\s*)?(\d{1,2})(?:[:.]?(\d{2}))?$/;

/** Read *query* at *now*. A clock that has passed is tomorrow's. */
export function wishOf(query: string, now: number): Wish {
  const text = query.trim().toLowerCase();
  const until = UNTIL.exec(text);
  if (until) {
    const [, words = "", hour, minute] = until;
    return { words, until: nextClock(Number(hour), Number(minute ?? 0), now) };
  }
  const lasting = FOR.exec(text);
  if (!lasting) return { words: text, until: null };
  const [, words = "", amount, unit = "min"] = lasting;
  const minutes = Number(amount) * (/^[ht]/.test(unit) ? 60 : 1);
  return { words, until: minutes > 0 ? now + minutes * 60_000 : null };
}

function nextClock(hour: number, minute: number, now: number): number | null {
  if (hour > 24 || minute > 59) return null;
  const date = new Date(now);
  date.setHours(hour, minute, 0, 0);
  if (date.getTime() <= now) date.setDate(date.getDate() + 1);
  return date.getTime();
}

/** The types that fit: every word typed begins a word of the label, in either language. */
export function wished(types: ActivityType[], words: string): ActivityType[] {
  const wanted = folded(words).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [];
  return types.filter((type) => {
    const labels = folded(`${lookOf(type, "sv").label} ${lookOf(type, "en").label}`).split(/\s+/);
    return wanted.every((word) => labels.some((label) => label.startsWith(word)));
  });
}
