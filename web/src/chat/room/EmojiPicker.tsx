import { TextInput, UnstyledButton } from "@mantine/core";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { type Emoji, findEmoji, loadEmoji, recentEmoji, rememberEmoji } from "../../lib/emoji";
import { t } from "../../lib/i18n";
import styles from "./EmojiPicker.module.css";

const COLUMNS = 9;
const FOUND = 90;
const GROUPS: [number, string][] = [
  [0, "😀"],
  [1, "👋"],
  [3, "🐻"],
  [4, "🍎"],
  [5, "🚗"],
  [6, "⚽"],
  [7, "💡"],
  [8, "❤️"],
  [9, "🏳️"],
];

interface Props {
  onPick(emoji: string): void;
  wide?: boolean;
}

/** Search, the latest used, then one group at a time; arrow keys walk the grid. */
export default function EmojiPicker({ onPick, wide }: Props) {
  const [all, setAll] = useState<Emoji[]>([]);
  const [query, setQuery] = useState("");
  const [group, setGroup] = useState<number | null>(null);
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => void loadEmoji().then(setAll), []);

  const shown = useMemo(() => shownEmoji(all, query, group), [all, query, group]);
  const pick = (emoji: string) => {
    rememberEmoji(emoji);
    onPick(emoji);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const buttons = [...(grid.current?.querySelectorAll("button") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const steps: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: at < 0 ? 1 : COLUMNS,
      ArrowUp: -COLUMNS,
    };
    const step = steps[event.key];
    if (step === undefined || (at < 0 && event.key !== "ArrowDown")) return;
    event.preventDefault();
    buttons[Math.max(0, Math.min(buttons.length - 1, at + step))]?.focus();
  };
  return (
    <div className={styles.picker} data-wide={wide || undefined} onKeyDown={onKeyDown} role="group">
      <TextInput
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          const first = shown[0];
          if (event.key !== "Enter" || !first) return;
          event.preventDefault();
          pick(first.emoji);
        }}
        placeholder={t("chat.emoji.search")}
        aria-label={t("chat.emoji.search")}
        size="sm"
        data-autofocus
      />
      <div className={styles.groups}>
        {GROUPS.map(([id, icon]) => (
          <UnstyledButton
            key={id}
            aria-label={t(`chat.emoji.group.${id}`)}
            aria-pressed={group === id}
            onClick={() => {
              setQuery("");
              setGroup(id);
            }}
          >
            {icon}
          </UnstyledButton>
        ))}
      </div>
      <div className={styles.grid} ref={grid}>
        {shown.map((one) => (
          <UnstyledButton
            key={one.emoji}
            title={`${one.name} :${one.code}:`}
            aria-label={one.name}
            onClick={() => pick(one.emoji)}
          >
            {one.emoji}
          </UnstyledButton>
        ))}
        {all.length > 0 && shown.length === 0 && <p>{t("chat.emoji.none")}</p>}
      </div>
    </div>
  );
}

function shownEmoji(all: Emoji[], query: string, group: number | null): Emoji[] {
  if (query) return findEmoji(all, query, FOUND);
  if (group !== null) return all.filter((one) => one.group === group);
  const byEmoji = new Map(all.map((one) => [one.emoji, one]));
  const recent = recentEmoji().flatMap((emoji) => byEmoji.get(emoji) ?? []);
  const smileys = all.filter((one) => one.group === 0 && !recent.includes(one));
  return [...recent, ...smileys];
}
