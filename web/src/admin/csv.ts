export const COLUMNS = [
  "email",
  "name",
  "plan",
  "role",
  "title",
  "department",
  "work",
  "mobile",
  "language",
] as const;

const EXAMPLES = [
  [
    "birger@example.com",
    "Birger Öst",
    "pro",
    "member",
    "Säljare",
    "Försäljning",
    "08-123 456 01",
    "070-123 45 67",
    "sv",
  ],
  [
    "rebecka@example.com",
    "Rebecka Ek",
    "business",
    "attendant",
    "Telefonist",
    "Växeln",
    "08-123 456 02",
    "",
    "sv",
  ],
];

/** A cell as CSV wants it: quoted when it holds the separator, a quote or a line break. */
export function cell(value: string, separator: string): string {
  const special = value.includes(separator) || /["\r\n]/.test(value);
  return special ? `"${value.replaceAll('"', '""')}"` : value;
}

/**
 * The file to fill in. Swedish Excel separates by semicolon, and needs the mark at the beginning
 * to read å, ä and ö.
 */
export function template(language: "sv" | "en"): string {
  const separator = language === "sv" ? ";" : ",";
  const rows = [[...COLUMNS], ...EXAMPLES];
  const lines = rows.map((row) => row.map((value) => cell(value, separator)).join(separator));
  return `\uFEFF${lines.join("\r\n")}\r\n`;
}

/** The file's text. Older Excel saves CSV in Windows-1252; what is not UTF-8 is read as that. */
export function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** Rows with something in them, the header not counted: a promise before the server has counted. */
export function roughRows(text: string): number {
  const filled = text.split(/\r\n|\r|\n/).filter((line) => /[^\s;,"]/.test(line));
  return Math.max(0, filled.length - 1);
}
