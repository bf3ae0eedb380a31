import { moment } from "../account/parts/when";
import type { AuditEntry } from "./types";

/** A translator: the one from i18n, or a test's. Answers with the key when it has no text. */
export type Say = (key: string, vars?: Record<string, string | number>) => string;

export interface Piece {
  text: string;
  strong: boolean;
}

export interface Change {
  field: string;
  before: string;
  after: string;
}

const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** Who did what to whom, in pieces, so that the names can stand out. */
export function sentence(entry: AuditEntry, say: Say): Piece[] {
  const own = entry.target !== "" && entry.target === entry.actor_id;
  const template = wording(entry.action, own, say);
  const names: Record<string, string> = {
    actor: entry.actor_name || say("admin.auditConsole"),
    target: targetOf(entry, say),
    action: entry.action,
  };
  return template
    .split(/(\{\w+\})/)
    .filter(Boolean)
    .map((part) => {
      const name = names[part.replace(/[{}]/g, "")];
      return part.startsWith("{") && name !== undefined
        ? { text: name, strong: part !== "{action}" }
        : { text: part, strong: false };
    });
}

/** Connections are named by where they lead: "microsoft" is Microsoft 365. */
function targetOf({ action, target_name }: AuditEntry, say: Say): string {
  if (!target_name) return say("admin.auditSomething");
  const leads = /^(connection|mailbox|dead)\./.test(action);
  return leads ? named(`calendars.provider.${target_name}`, target_name, say) : target_name;
}

/** The most fitting text: for what one did to oneself, for the action, else for any action. */
function wording(action: string, own: boolean, say: Say): string {
  const key = `admin.audit.${action}`;
  for (const candidate of own ? [`${key}.own`, key] : [key]) {
    const text = say(candidate);
    if (text !== candidate) return text;
  }
  return say("admin.auditOther");
}

/** Each field's old and new value, as words. */
export function changes(entry: AuditEntry, say: Say): Change[] {
  const told = Object.entries(entry.changes).filter(([field]) => !inSentence(entry.action, field));
  return told.map(([field, [before, after]]) => ({
    field: named(`admin.field.${field}`, field, say),
    before: shown(field, before, say),
    after: shown(field, after, say),
  }));
}

/** "Astrid blockerade Basse" has said it all. */
function inSentence(action: string, field: string): boolean {
  return field === "blocked" && /\.(un)?blocked$/.test(action);
}

function named(key: string, otherwise: string, say: Say): string {
  const text = say(key);
  return text === key ? otherwise : text;
}

/** A value as words: plans and roles by name, numbers in a row, nothing as a dash. */
export function shown(field: string, value: unknown, say: Say): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return say(value ? "admin.yes" : "admin.no");
  if (Array.isArray(value)) {
    return value.map((each) => shown(field, each, say)).join(", ") || "–";
  }
  if (typeof value === "object") {
    if ("number" in value) return String(value.number);
    return Object.values(value)
      .map((each) => shown(field, each, say))
      .join(" ");
  }
  if (typeof value === "string" && MOMENT.test(value)) return moment(value);
  return named(`admin.value.${field}.${value}`, String(value), say);
}

/** Entries by the day on which they happened (in local time), the latest first as they came. */
export function byDay<T extends { at: string }>(entries: T[], day: (iso: string) => string) {
  const days: { day: string; entries: T[] }[] = [];
  for (const entry of entries) {
    const name = day(entry.at);
    const last = days.at(-1);
    if (last?.day === name) last.entries.push(entry);
    else days.push({ day: name, entries: [entry] });
  }
  return days;
}
