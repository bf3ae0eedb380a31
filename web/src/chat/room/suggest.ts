import type { Person } from "../../lib/types";
import { folded, matches } from "../names";

/** What is being written before the caret: a mention or a shortcode. */
export interface Trigger {
  kind: "mention" | "emoji";
  query: string;
  /** Where the `@` or `:` stands. */
  from: number;
}

export interface Suggestion {
  key: string;
  /** What replaces the trigger. */
  insert: string;
  label: string;
  hint: string;
  person?: Person;
  emoji?: string;
}

const MENTION = /(?:^|[\s(])@([\p{L}\p{N}._-]*)$/u;
const EMOJI = /(?:^|[\s(]):([\p{L}\p{N}_+-]{2,})$/u;

export function triggerAt(text: string, caret: number): Trigger | null {
  const before = text.slice(0, caret);
  const mention = MENTION.exec(before);
  if (mention) return trigger("mention", mention[1] ?? "", caret);
  const emoji = EMOJI.exec(before);
  return emoji ? trigger("emoji", emoji[1] ?? "", caret) : null;
}

function trigger(kind: Trigger["kind"], query: string, caret: number): Trigger {
  return { kind, query, from: caret - query.length - 1 };
}

/** Members whose handle or name begins like the query, then everybody's `@alla`. */
export function mentionsFor(
  query: string,
  members: Person[],
  everybody: { insert: string; hint: string } | null,
  limit: number,
): Suggestion[] {
  const wanted = folded(query);
  const people = members
    .filter((one) => folded(one.handle).startsWith(wanted) || matches(one.name, query))
    .sort((a, b) => a.name.localeCompare(b.name))
    .slice(0, limit)
    .map((person) => ({
      key: person.id,
      insert: `@${person.handle} `,
      label: person.name,
      hint: `@${person.handle}`,
      person,
    }));
  const all = everybody && folded(everybody.insert).startsWith(`@${wanted}`);
  if (!all || !everybody) return people;
  const one = {
    key: "all",
    insert: `${everybody.insert} `,
    label: everybody.insert,
    hint: everybody.hint,
  };
  return [...people, one];
}

/** The text and the caret after a suggestion was taken. */
export function accept(
  text: string,
  caret: number,
  from: number,
  insert: string,
): { text: string; caret: number } {
  const rest = text.slice(caret);
  const glue = insert.endsWith(" ") && rest.startsWith(" ") ? insert.slice(0, -1) : insert;
  return { text: text.slice(0, from) + glue + rest, caret: from + insert.length };
}

/** Put *mark* around the selection, or take it away when it is there. */
export function wrapped(
  text: string,
  start: number,
  end: number,
  mark: string,
): { text: string; start: number; end: number } {
  const inside = text.slice(start, end);
  const before = text.slice(0, start);
  const after = text.slice(end);
  const size = mark.length;
  if (before.endsWith(mark) && after.startsWith(mark)) {
    return {
      text: before.slice(0, -size) + inside + after.slice(size),
      start: start - size,
      end: end - size,
    };
  }
  return { text: before + mark + inside + mark + after, start: start + size, end: end + size };
}

/** Begin each selected line with *prefix*. */
export function prefixed(
  text: string,
  start: number,
  end: number,
  prefix: string,
): { text: string; start: number; end: number } {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const lines = text.slice(lineStart, end).split("\n");
  const marked = lines.map((line) => prefix + line).join("\n");
  const grown = prefix.length * lines.length;
  return {
    text: text.slice(0, lineStart) + marked + text.slice(end),
    start: start + prefix.length,
    end: end + grown,
  };
}
