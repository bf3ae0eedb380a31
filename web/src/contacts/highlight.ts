/** A piece of a text; `hit` when it is what was searched for. */
export interface Piece {
  text: string;
  hit: boolean;
}

const NUMBER = /^\+?[\d\s()./-]+$/;
const COUNTRY = /^(?:00)?46/;
const FEWEST_DIGITS = 2;

/** The query's digits when it is a telephone number in some writing, else the empty string. */
export function digitsIn(query: string): string {
  const digits = query.replace(/\D/g, "");
  return NUMBER.test(query.trim()) && digits.length >= FEWEST_DIGITS ? digits : "";
}

/** Cut *text* where it matches *query*: the beginnings of words, or a run of digits. Pure. */
export function highlight(text: string, query: string): Piece[] {
  const hits = new Array<boolean>(text.length).fill(false);
  const digits = digitsIn(query);
  if (digits) markDigits(text, digits, hits);
  else for (const word of words(query)) markWord(text, word, hits);
  return pieces(text, hits);
}

export function isHit(text: string, query: string): boolean {
  return highlight(text, query).some((piece) => piece.hit);
}

/** The writings of a number that may be hidden in another: whole, without 0, without +46. */
function writings(digits: string): string[] {
  const bare = digits.replace(COUNTRY, "");
  return [...new Set([digits, bare, bare.replace(/^0/, ""), digits.replace(/^0/, "")])].filter(
    (one) => one.length >= FEWEST_DIGITS,
  );
}

function markDigits(text: string, digits: string, hits: boolean[]): void {
  const places: number[] = [];
  let run = "";
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? "";
    if (letter < "0" || letter > "9") continue;
    places.push(at);
    run += letter;
  }
  for (const wanted of writings(digits)) {
    const start = run.indexOf(wanted);
    if (start < 0) continue;
    const from = places[start] ?? 0;
    const to = places[start + wanted.length - 1] ?? from;
    hits.fill(true, from, to + 1);
    return;
  }
}

function markWord(text: string, word: string, hits: boolean[]): void {
  for (let at = 0; at < text.length; at += 1) {
    if (at > 0 && isLetter(text[at - 1] ?? "")) continue;
    const length = matched(text, at, word);
    if (length > 0) hits.fill(true, at, at + length);
  }
}

/** How many characters of *text* from *at* make up *word*, folded; 0 when they do not. */
function matched(text: string, at: number, word: string): number {
  let rest = word;
  let length = 0;
  while (rest) {
    const letter = text[at + length];
    if (letter === undefined) return 0;
    const plain = folded(letter);
    if (!rest.startsWith(plain)) return 0;
    rest = rest.slice(plain.length);
    length += 1;
  }
  return length;
}

function pieces(text: string, hits: boolean[]): Piece[] {
  const found: Piece[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const hit = hits[at] ?? false;
    const last = found.at(-1);
    if (last && last.hit === hit) last.text += text[at];
    else found.push({ text: text[at] ?? "", hit });
  }
  return found;
}

function words(query: string): string[] {
  return folded(query).split(/\s+/).filter(Boolean);
}

function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function isLetter(letter: string): boolean {
  return /[\p{L}\p{N}]/u.test(letter);
}
