import { useSyncExternalStore } from "react";
import type { Language } from "./types";

type Texts = Record<string, string>;
type Vars = Record<string, string | number>;

const KEY = "vaxel.language";
const loaders: Record<Language, () => Promise<{ default: Texts }>> = {
  sv: () => import("../locale/sv"),
  en: () => import("../locale/en"),
};

let language: Language = "sv";
let texts: Texts = {};
let plurals = new Intl.PluralRules("sv");
const listeners = new Set<() => void>();

/**
 * The text for `area.key` in the current language.
 * `{name}` is replaced from *vars*; with `count` the keys `key_one` and `key_other` are tried first.
 */
export function t(key: string, vars: Vars = {}): string {
  const count = vars.count;
  const plural = typeof count === "number" ? texts[`${key}_${plurals.select(count)}`] : undefined;
  const text =
    plural ?? texts[key] ?? (typeof count === "number" ? texts[`${key}_other`] : undefined);
  if (text === undefined) return key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(vars[name] ?? whole));
}

export function currentLanguage(): Language {
  return language;
}

/** The locale for Intl formatters: Swedish formats, or British English (24-hour clock). */
export function currentLocale(): string {
  return language === "sv" ? "sv-SE" : "en-GB";
}

function remembered(): Language {
  try {
    const saved = localStorage.getItem(KEY);
    if (saved === "sv" || saved === "en") return saved;
  } catch {
    // Storage may be forbidden; fall through to the default.
  }
  return "sv";
}

/** Load a language's texts and show them; remembered on this device. */
export async function setLanguage(next: Language): Promise<void> {
  texts = (await loaders[next]()).default;
  language = next;
  plurals = new Intl.PluralRules(next);
  document.documentElement.lang = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Not remembered then, but shown.
  }
  for (const listener of listeners) listener();
}

export function loadLanguage(): Promise<void> {
  return setLanguage(remembered());
}

/** Re-render when the language changes. The root does it for everybody. */
export function useLanguage(): Language {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentLanguage);
}
