import { ActionIcon, Popover, Tooltip } from "@mantine/core";
import { IconMoodSmile, IconSend2 } from "@tabler/icons-react";
import {
  type KeyboardEvent,
  type RefObject,
  Suspense,
  useEffect,
  useLayoutEffect,
  useState,
} from "react";
import { loadEmoji, withShortcodes } from "../../lib/emoji";
import { t } from "../../lib/i18n";
import { lazily } from "../../lib/lazily";
import type { Room } from "../../lib/types";
import { send } from "../actions";
import { useChat, useChatState } from "../context";
import { roomName } from "../names";
import styles from "./Composer.module.css";
import { FormatBar } from "./FormatBar";
import { lastOwn } from "./items";
import { ReplyBar } from "./ReplyBar";
import { SuggestionList, useSuggestions } from "./Suggestions";
import { wrapped } from "./suggest";
import { useRoomUi } from "./ui";
import { useDraft } from "./useDraft";

const EmojiPicker = lazily(() => import("./EmojiPicker"));
/** The length is shown when this much of it is used. */
const NEARLY_FULL = 0.9;
const SHORTCODE = /:[a-z0-9_+-]{2,}:/;

interface Props {
  room: Room;
  field: RefObject<HTMLTextAreaElement | null>;
}

/** Where messages are written: Enter sends, Shift+Enter breaks the line, Up edits the last one. */
export function Composer({ room, field }: Props) {
  const chat = useChat();
  const ui = useRoomUi();
  const draft = useDraft(room.id);
  const name = useChatState((state) => roomName(room, state));
  const limit = useChatState((state) => state.limits.message_length);
  const suggestions = useSuggestions(room, draft.body, field, draft.setBody);
  useAutosize(field, draft.body);
  const length = [...draft.body.trim()].length;
  const sendable = length > 0 && length <= limit;

  const submit = () => {
    if (!sendable) return;
    send(chat, room.id, draft.body.trim(), draft.replyTo);
    draft.clear();
    field.current?.focus();
  };
  const write = (text: string) => {
    draft.setBody(text);
    if (text.trim()) chat.typing.typed(room.id);
    if (SHORTCODE.test(text)) {
      void loadEmoji().then((all) => {
        const converted = withShortcodes(text, all);
        if (converted !== text && field.current?.value === text) draft.setBody(converted);
      });
    }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (suggestions.onKeyDown(event) || event.nativeEvent.isComposing) return;
    const { currentTarget: area } = event;
    const mark = (event.ctrlKey || event.metaKey) && { b: "**", i: "_", e: "`" }[event.key];
    if (mark) {
      event.preventDefault();
      apply(wrapped(area.value, area.selectionStart, area.selectionEnd, mark));
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else if (event.key === "ArrowUp" && area.value === "") {
      event.preventDefault();
      editLast();
    } else if (event.key === "Escape" && draft.replyTo !== null) {
      ui.setReplyTo(null);
    }
  };
  const editLast = () => {
    const state = chat.engine.store.get();
    const last = lastOwn(state.logs[room.id]?.rows ?? [], state.me?.id ?? "");
    if (last) ui.setEditing(last.seq);
  };
  const apply = (change: { text: string; start: number; end: number }) => {
    draft.setBody(change.text);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(change.start, change.end);
    });
  };
  const insert = (text: string) => {
    const area = field.current;
    const [start, end] = area ? [area.selectionStart, area.selectionEnd] : [0, 0];
    const caret = start + text.length;
    apply({
      text: draft.body.slice(0, start) + text + draft.body.slice(end),
      start: caret,
      end: caret,
    });
  };

  return (
    <div className={styles.composer}>
      <div className={styles.box}>
        <SuggestionList suggestions={suggestions} />
        {draft.replyTo !== null && <ReplyBar roomId={room.id} seq={draft.replyTo} />}
        <textarea
          ref={field}
          className={styles.field}
          rows={1}
          value={draft.body}
          onChange={(event) => write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onSelect={suggestions.look}
          onBlur={suggestions.close}
          placeholder={t("chat.composer.placeholder", { name })}
          aria-label={t("chat.composer.label", { name })}
          role="combobox"
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-expanded={suggestions.list.length > 0}
          aria-controls="suggestions"
          aria-activedescendant={
            suggestions.list.length > 0 ? `suggestion-${suggestions.chosen}` : undefined
          }
        />
        <div className={styles.bar}>
          <EmojiButton onPick={insert} />
          <FormatBar field={field} apply={apply} />
          <span className={styles.gap} />
          {length > limit * NEARLY_FULL && (
            <span className={styles.length} data-over={length > limit || undefined} role="status">
              {t("chat.composer.length", { length, limit })}
            </span>
          )}
          <ActionIcon
            size={34}
            radius="md"
            disabled={!sendable}
            onClick={submit}
            onPointerDown={(event) => event.preventDefault()}
            aria-label={t("chat.composer.send")}
          >
            <IconSend2 size={18} stroke={1.8} />
          </ActionIcon>
        </div>
      </div>
    </div>
  );
}

function EmojiButton({ onPick }: { onPick(emoji: string): void }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="top-start" trapFocus>
      <Popover.Target>
        <Tooltip label={t("chat.composer.emoji")} disabled={open}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={34}
            onClick={() => setOpen(!open)}
            aria-label={t("chat.composer.emoji")}
          >
            <IconMoodSmile size={20} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <Suspense>
          <EmojiPicker
            onPick={(emoji) => {
              setOpen(false);
              onPick(emoji);
            }}
          />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}

/** As tall as its text, up to what the stylesheet allows. */
function useAutosize(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text decides the height
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [field, text]);
  useEffect(() => {
    const wide = matchMedia("(min-width: 761px) and (pointer: fine)").matches;
    if (wide) field.current?.focus();
  }, [field]);
}
