import { Button, Textarea } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { t } from "../../lib/i18n";
import type { MessageEntry } from "../../lib/types";
import { edit } from "../actions";
import { useChat, useChatState } from "../context";
import styles from "./Message.module.css";
import { useRoomUi } from "./ui";

/** A message being rewritten in its place: Enter saves, Escape leaves it as it was. */
export function EditBox({ message }: { message: MessageEntry }) {
  const chat = useChat();
  const ui = useRoomUi();
  const limit = useChatState((state) => state.limits.message_length);
  const [body, setBody] = useState(message.body);
  const [saving, setSaving] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const area = field.current;
    area?.focus();
    area?.setSelectionRange(area.value.length, area.value.length);
    area?.scrollIntoView({ block: "nearest" });
  }, []);

  const done = () => {
    ui.setEditing(null);
    ui.focusComposer();
  };
  const save = async () => {
    const text = body.trim();
    if (text === message.body) return done();
    if (text === "") return ui.confirmDelete(message);
    setSaving(true);
    const saved = await edit(chat, message, text);
    setSaving(false);
    if (saved) done();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") done();
    else if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      void save();
    }
  };
  return (
    <div className={styles.edit}>
      <Textarea
        ref={field}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        aria-label={t("chat.edit.label")}
        autosize
        minRows={1}
        maxRows={12}
        maxLength={limit}
      />
      <div className={styles.editButtons}>
        <Button size="compact-sm" loading={saving} onClick={() => void save()}>
          {t("common.save")}
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={done}>
          {t("common.cancel")}
        </Button>
        <span className={styles.editHint}>{t("chat.edit.hint")}</span>
      </div>
    </div>
  );
}
