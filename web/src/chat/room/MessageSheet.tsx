import { Drawer, UnstyledButton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Suspense, useEffect, useState } from "react";
import { QUICK } from "../../lib/emoji";
import { t } from "../../lib/i18n";
import { lazily } from "../../lib/lazily";
import type { MessageEntry } from "../../lib/types";
import { react } from "../actions";
import { useChat } from "../context";
import { choicesFor } from "./MessageActions";
import styles from "./MessageSheet.module.css";
import { useRoomUi } from "./ui";

const EmojiPicker = lazily(() => import("./EmojiPicker"));

interface Props {
  message: MessageEntry;
  onClose(): void;
}

/** The menu of a message on a touch screen, from the bottom edge. */
export function MessageSheet({ message, onClose }: Props) {
  const chat = useChat();
  const ui = useRoomUi();
  const [picking, setPicking] = useState(false);
  const lifted = useLifted();
  const give = (emoji: string) => {
    onClose();
    void react(chat, message, emoji);
  };
  return (
    <Drawer
      opened
      onClose={onClose}
      position="bottom"
      withCloseButton={false}
      size="auto"
      radius="lg"
      aria-label={t("chat.menu.label")}
      classNames={{ content: styles.sheet }}
      styles={{ body: { pointerEvents: lifted ? "auto" : "none" } }}
    >
      {picking ? (
        <Suspense>
          <EmojiPicker onPick={give} wide />
        </Suspense>
      ) : (
        <>
          <div className={styles.sheetQuick}>
            {QUICK.map((emoji) => (
              <UnstyledButton
                key={emoji}
                onClick={() => give(emoji)}
                aria-label={t("chat.menu.reactWith", { emoji })}
              >
                {emoji}
              </UnstyledButton>
            ))}
            <UnstyledButton onClick={() => setPicking(true)} aria-label={t("chat.menu.react")}>
              <IconPlus size={22} stroke={1.7} />
            </UnstyledButton>
          </div>
          {choicesFor(chat, ui, message).map((choice) => (
            <UnstyledButton
              key={choice.key}
              className={styles.sheetChoice}
              data-danger={choice.danger || undefined}
              onClick={() => {
                onClose();
                choice.run();
              }}
            >
              {choice.icon}
              {choice.label}
            </UnstyledButton>
          ))}
        </>
      )}
    </Drawer>
  );
}

const AFTER_LIFT_MS = 80;
const AT_LATEST_MS = 1000;

/** False while the finger that opened the sheet still rests: lifting it must not choose anything. */
function useLifted(): boolean {
  const [lifted, setLifted] = useState(false);
  useEffect(() => {
    let timer = setTimeout(() => setLifted(true), AT_LATEST_MS);
    const up = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setLifted(true), AFTER_LIFT_MS);
    };
    window.addEventListener("touchend", up);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("touchend", up);
    };
  }, []);
  return lifted;
}
