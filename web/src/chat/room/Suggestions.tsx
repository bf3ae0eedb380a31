import { type KeyboardEvent, type RefObject, useEffect, useMemo, useState } from "react";
import { type Emoji, findEmoji, loadEmoji, rememberEmoji } from "../../lib/emoji";
import { t } from "../../lib/i18n";
import type { Person, Room } from "../../lib/types";
import { useChatState } from "../context";
import { Avatar } from "../parts/Avatar";
import styles from "./Composer.module.css";
import { accept, mentionsFor, type Suggestion, type Trigger, triggerAt } from "./suggest";

const SHOWN = 7;

export interface Suggestions {
  list: Suggestion[];
  chosen: number;
  take(suggestion: Suggestion): void;
  /** True when the key was meant for the list. */
  onKeyDown(event: KeyboardEvent): boolean;
  /** The caret moved: see what stands before it. */
  look(): void;
  close(): void;
}

/** People and emoji that fit what stands before the caret. */
export function useSuggestions(
  room: Room,
  text: string,
  field: RefObject<HTMLTextAreaElement | null>,
  setText: (text: string) => void,
): Suggestions {
  const [trigger, setTrigger] = useState<Trigger | null>(null);
  const [chosen, setChosen] = useState(0);
  const list = useList(room, trigger);
  const shown = Math.min(chosen, list.length - 1);

  const look = () => {
    const area = field.current;
    const next =
      area && area.selectionStart === area.selectionEnd
        ? triggerAt(area.value, area.selectionStart)
        : null;
    if (next?.query !== trigger?.query) setChosen(0);
    if (JSON.stringify(next) !== JSON.stringify(trigger)) setTrigger(next);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of the text is a reason to look
  useEffect(look, [text]);

  const close = () => setTrigger(null);
  const take = (suggestion: Suggestion) => {
    const area = field.current;
    if (!area || !trigger) return;
    const result = accept(area.value, area.selectionStart, trigger.from, suggestion.insert);
    if (suggestion.emoji) rememberEmoji(suggestion.emoji);
    setText(result.text);
    close();
    requestAnimationFrame(() => {
      area.focus();
      area.setSelectionRange(result.caret, result.caret);
    });
  };
  const onKeyDown = (event: KeyboardEvent): boolean => {
    const suggestion = list[shown];
    if (!suggestion) return false;
    if (event.key === "ArrowDown") setChosen((shown + 1) % list.length);
    else if (event.key === "ArrowUp") setChosen((shown - 1 + list.length) % list.length);
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") take(suggestion);
    else if (event.key === "Escape") close();
    else return false;
    event.preventDefault();
    return true;
  };
  return { list, chosen: shown, take, onKeyDown, look, close };
}

function useList(room: Room, trigger: Trigger | null): Suggestion[] {
  const [emoji, setEmoji] = useState<Emoji[]>([]);
  const wantsEmoji = trigger?.kind === "emoji";
  useEffect(() => {
    if (wantsEmoji) void loadEmoji().then(setEmoji);
  }, [wantsEmoji]);
  const members = useChatState((state) =>
    room.member_ids
      .map((id) => state.people[id])
      .filter((one): one is Person => one !== undefined && one.id !== state.me?.id),
  );
  return useMemo(() => {
    if (!trigger) return [];
    if (trigger.kind === "mention") {
      const everybody =
        room.kind === "group"
          ? { insert: t("chat.mention.all"), hint: t("chat.mention.allHint") }
          : null;
      const found = mentionsFor(trigger.query, members, everybody, SHOWN);
      // Written out in full there is nothing left to suggest, and Enter sends.
      return found.length === 1 && found[0]?.insert === `@${trigger.query} ` ? [] : found;
    }
    return findEmoji(emoji, trigger.query, SHOWN).map((one) => ({
      key: one.emoji,
      insert: `${one.emoji} `,
      label: one.name,
      hint: `:${one.code}:`,
      emoji: one.emoji,
    }));
  }, [trigger, members, emoji, room.kind]);
}

export function SuggestionList({ suggestions }: { suggestions: Suggestions }) {
  const { list, chosen, take } = suggestions;
  if (list.length === 0) return null;
  return (
    <div
      id="suggestions"
      className={styles.suggestions}
      role="listbox"
      aria-label={t("chat.composer.suggestions")}
    >
      {list.map((one, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the composer's, which keeps the focus
        <div
          key={one.key}
          id={`suggestion-${index}`}
          className={styles.suggestion}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => take(one)}
        >
          {one.person ? (
            <Avatar person={one.person} size={26} presence />
          ) : (
            <span className={styles.suggestionIcon}>{one.emoji ?? "@"}</span>
          )}
          <span className={styles.suggestionLabel}>{one.label}</span>
          <span className={styles.suggestionHint}>{one.hint}</span>
        </div>
      ))}
    </div>
  );
}
