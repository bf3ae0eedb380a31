import { createRequire } from "node:module";
import type { Plugin } from "vite";

interface Compact {
  unicode: string;
  label: string;
  hexcode: string;
  group?: number;
  order?: number;
  tags?: string[];
}

/** Groups that are parts of emoji (skin tones, hair), not something to pick. */
const COMPONENTS = 2;

/**
 * `virtual:emoji/sv`: the emoji of one language, reduced to what the picker shows and searches.
 * Each is [emoji, name, words to find it by, group, :shortcode:]. A tenth of the package's own data.
 */
export function emojiData(): Plugin {
  const require = createRequire(import.meta.url);
  const prefix = "virtual:emoji/";
  return {
    name: "emoji-data",
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith(`\0${prefix}`)) return null;
      const language = id.slice(prefix.length + 1);
      const all: Compact[] = require(`emojibase-data/${language}/compact.json`);
      const codes: Record<
        string,
        string | string[]
      > = require("emojibase-data/en/shortcodes/github.json");
      const rows = all
        .filter((one) => one.group !== undefined && one.group !== COMPONENTS)
        .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
        .map((one) => {
          const code = [codes[one.hexcode] ?? ""].flat()[0];
          return [one.unicode, one.label, (one.tags ?? []).join(" "), one.group, code];
        });
      return `export default ${JSON.stringify(rows)};`;
    },
  };
}
