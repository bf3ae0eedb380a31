import MarkdownIt from "markdown-it";

/** A node of a parsed message: text, or an element with children. */
export type Node =
  | { type: "text"; text: string }
  | { type: "code"; text: string }
  | { type: "block"; text: string; language: string }
  | { type: "break" }
  | { type: "rule" }
  | { type: "link"; href: string; children: Node[] }
  | { type: "element"; tag: Tag; start?: number; children: Node[] };

const TAGS = ["p", "strong", "em", "s", "blockquote", "ul", "ol", "li"] as const;
export type Tag = (typeof TAGS)[number];

/** What the library's tokens need to tell us. */
interface Token {
  type: string;
  tag: string;
  nesting: number;
  content: string;
  info: string;
  children: Token[] | null;
  hidden: boolean;
  attrGet(name: string): string | null;
}

const parser = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: false });
parser.disable(
  ["image", "table", "heading", "lheading", "reference", "html_block", "html_inline"],
  true,
);
parser.linkify.set({ fuzzyEmail: true, fuzzyIP: false });

/**
 * Parse a message into nodes. There is never any HTML: the page builds elements from these nodes,
 * and what is not in the list above is text.
 */
export function parse(body: string): Node[] {
  const tokens = parser.parse(body, {}) as unknown as Token[];
  return nest(tokens);
}

/** Only these addresses become links; all others stay text. */
export function isSafeLink(href: string): boolean {
  return /^(https?:\/\/|mailto:)/i.test(href);
}

function nest(tokens: Token[]): Node[] {
  const root: Node[] = [];
  const stack: Node[][] = [root];
  const top = () => stack.at(-1) ?? root;
  for (const token of tokens) {
    if (token.nesting === -1) {
      if (stack.length > 1) stack.pop();
      continue;
    }
    if (token.nesting === 1) {
      stack.push(opened(token, top()));
      continue;
    }
    top().push(...leaf(token));
  }
  return root;
}

/** Add the element that *token* opens and return where its children go. */
function opened(token: Token, parent: Node[]): Node[] {
  if (token.type === "link_open") {
    const href = token.attrGet("href") ?? "";
    if (!isSafeLink(href)) return parent;
    const link: Node = { type: "link", href, children: [] };
    parent.push(link);
    return link.children;
  }
  const tag = TAGS.find((known) => known === token.tag);
  // A paragraph in a tight list is no paragraph of its own.
  if (!tag || token.hidden) return parent;
  const element: Node = { type: "element", tag, children: [] };
  const start = Number(token.attrGet("start") ?? 1);
  if (tag === "ol" && start !== 1) element.start = start;
  parent.push(element);
  return element.children;
}

function leaf(token: Token): Node[] {
  switch (token.type) {
    case "inline":
      return nest(token.children ?? []);
    case "code_inline":
      return [{ type: "code", text: token.content }];
    case "fence":
    case "code_block": {
      const text = token.content.replace(/\n$/, "");
      return [{ type: "block", text, language: token.info.trim() }];
    }
    case "softbreak":
    case "hardbreak":
      return [{ type: "break" }];
    case "hr":
      return [{ type: "rule" }];
    default:
      return token.content ? [{ type: "text", text: token.content }] : [];
  }
}

/** The text of a message on one line, for lists and notifications. */
export function plain(body: string): string {
  const words = (nodes: Node[]): string =>
    nodes
      .map((node) => {
        if (node.type === "break" || node.type === "rule") return " ";
        if ("text" in node) return node.text;
        const inner = words(node.children);
        return node.type === "element" &&
          node.tag !== "strong" &&
          node.tag !== "em" &&
          node.tag !== "s"
          ? `${inner} `
          : inner;
      })
      .join("");
  return words(parse(body.slice(0, 400)))
    .replace(/\s+/g, " ")
    .trim();
}

export type Piece = { text: string; handle?: string };

/** Split text at `@handles`; a trailing full stop belongs to the sentence. */
export function mentionPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(/(?<![\p{L}\p{N}_])@([\p{L}\p{N}._-]*[\p{L}\p{N}_])/gu)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: match[0], handle: match[1] ?? "" });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}
