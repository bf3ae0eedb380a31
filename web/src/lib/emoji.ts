import { currentLanguage } from "./i18n";

export interface Emoji {
  emoji: string;
  name: string;
  words: string;
  group: number;
  code: string;
}

/** The six offered at once; a reaction is nearly always one of these. */
export const QUICK = ["👍", "❤️", "😂", "🎉", "🙏", "👀"];

const RECENT_KEY = "vaxel.emoji.recent";
const loaded = new Map<string, Promise<Emoji[]>>();

/** All emoji with names in the current language; a chunk of its own, loaded when first needed. */
export function loadEmoji(): Promise<Emoji[]> {
  const language = currentLanguage();
  let list = loaded.get(language);
  if (!list) {
    const rows = language === "sv" ? import("virtual:emoji/sv") : import("virtual:emoji/en");
    list = rows.then((module) =>
      module.default.map(([emoji, name, words, group, code]) => ({
        emoji,
        name,
        words: `${name} ${words} ${code}`.toLowerCase(),
        group,
        code: code || name.replaceAll(" ", "_"),
      })),
    );
    loaded.set(language, list);
  }
  return list;
}

/** Those that match, the ones whose shortcode begins with the query first. */
export function findEmoji(all: Emoji[], query: string, limit: number): Emoji[] {
  const wanted = query.toLowerCase();
  const begins = all.filter((one) => one.code.startsWith(wanted));
  const contains = all.filter((one) => !one.code.startsWith(wanted) && one.words.includes(wanted));
  return [...begins, ...contains].slice(0, limit);
}

/** Replace finished `:shortcodes:` with their emoji. */
export function withShortcodes(text: string, all: Emoji[]): string {
  return text.replace(/:([a-z0-9_+-]{2,}):/g, (whole, code: string) => {
    return all.find((one) => one.code === code)?.emoji ?? whole;
  });
}

export function recentEmoji(): string[] {
  try {
    return JSON.parse(localStorage.getItem(RECENT_KEY) ?? "[]") as string[];
  } catch {
    return [];
  }
}

export function rememberEmoji(emoji: string): void {
  try {
    const recent = [emoji, ...recentEmoji().filter((one) => one !== emoji)].slice(0, 18);
    localStorage.setItem(RECENT_KEY, JSON.stringify(recent));
  } catch {
    // Not remembered; the picker still works.
  }
}

/** One to three emoji and nothing else: shown large. */
export function isOnlyEmoji(text: string): boolean {
  const trimmed = text.replace(/\s/g, "");
  if (trimmed.length === 0 || trimmed.length > 40) return false;
  const segments = [...new Intl.Segmenter().segment(trimmed)];
  return (
    segments.length <= 3 &&
    segments.every(({ segment }) =>
      /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(segment),
    )
  );
}
