/** `./sv/account.json` {"a": "…"} becomes {"account.a": "…"}. */
export function join(files: Record<string, Record<string, string>>): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [path, texts] of Object.entries(files)) {
    const area = path.replace(/^.*\/|\.json$/g, "");
    for (const [key, text] of Object.entries(texts)) all[`${area}.${key}`] = text;
  }
  return all;
}
