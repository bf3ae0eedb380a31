import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** What a page needs beside these two kinds comes when it is wanted. */
const CODE = /\.(js|css)$/;
const OWN_LETTERS = /-latin-(wght|400)-normal-.*\.woff2$/;
const PLACE = "const FILES = [];";

/**
 * Writes the names of the built files into `sw.js`, so that the service worker fetches all of them
 * when it is installed: a reload without a network then finds every part, opened before or not.
 */
export function shellFiles(): Plugin {
  let names: string[] = [];
  return {
    name: "shell-files",
    apply: "build",
    generateBundle(_options, bundle) {
      names = Object.keys(bundle).filter((name) => CODE.test(name) || OWN_LETTERS.test(name));
    },
    writeBundle({ dir = "dist" }) {
      const worker = join(dir, "sw.js");
      const text = readFileSync(worker, "utf8");
      if (!text.includes(PLACE)) throw new Error(`sw.js has no line "${PLACE}"`);
      const list = JSON.stringify(names.sort().map((name) => `/${name}`));
      writeFileSync(worker, text.replace(PLACE, `const FILES = ${list};`));
    },
  };
}
