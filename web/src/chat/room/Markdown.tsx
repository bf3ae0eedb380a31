import { Fragment, memo, type ReactNode } from "react";
import { useStatus } from "../../activities/useStatus";
import { isOnlyEmoji } from "../../lib/emoji";
import { mentionPieces, type Node, parse } from "../../lib/markdown";
import { useChatState } from "../context";
import styles from "./Markdown.module.css";

interface Props {
  body: string;
  /** Who the server says is named; null for a message it has not seen yet. */
  mentions: string[] | null;
}

/** A message's text. Elements are made from parsed nodes: no HTML is ever interpreted. */
export const Markdown = memo(function Markdown({ body, mentions }: Props) {
  if (isOnlyEmoji(body)) return <p className={styles.large}>{body.trim()}</p>;
  return <div className={styles.text}>{render(parse(body), mentions)}</div>;
});

function render(nodes: Node[], mentions: string[] | null): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: the nodes of one text never change places
  return nodes.map((node, index) => <Fragment key={index}>{element(node, mentions)}</Fragment>);
}

function element(node: Node, mentions: string[] | null): ReactNode {
  switch (node.type) {
    case "text":
      return <Words text={node.text} mentions={mentions} />;
    case "code":
      return <code className={styles.code}>{node.text}</code>;
    case "block":
      return (
        <pre className={styles.block}>
          <code>{node.text}</code>
        </pre>
      );
    case "break":
      return <br />;
    case "rule":
      return <hr />;
    case "link":
      return (
        <a href={node.href} target="_blank" rel="noopener noreferrer nofollow">
          {render(node.children, mentions)}
        </a>
      );
    case "element": {
      const Tag = node.tag;
      const start = node.start === undefined ? {} : { start: node.start };
      return <Tag {...start}>{render(node.children, mentions)}</Tag>;
    }
  }
}

function Words({ text, mentions }: { text: string; mentions: string[] | null }) {
  if (!text.includes("@")) return text;
  return mentionPieces(text).map((piece, index) =>
    piece.handle ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never change places
      <Mention key={index} text={piece.text} handle={piece.handle} mentions={mentions} />
    ) : (
      piece.text
    ),
  );
}

function Mention({
  text,
  handle,
  mentions,
}: { text: string; handle: string } & Pick<Props, "mentions">) {
  const wanted = handle.toLowerCase();
  const everybody = wanted === "alla" || wanted === "all";
  const person = useChatState((state) =>
    everybody ? undefined : Object.values(state.people).find((one) => one.handle === wanted),
  );
  const status = useStatus(person);
  const myId = useChatState((state) => state.me?.id);
  const id = everybody ? "all" : person?.id;
  const named = id !== undefined && (mentions === null || mentions.includes(id));
  if (!named) return text;
  const mine = everybody || id === myId;
  return (
    <span
      className={styles.mention}
      data-mine={mine || undefined}
      title={status ? `${text} · ${status.text}` : text}
    >
      {person ? `@${person.name}` : text}
    </span>
  );
}
