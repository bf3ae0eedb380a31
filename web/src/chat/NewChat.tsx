import { Button, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";
import { t } from "../lib/i18n";
import type { Room } from "../lib/types";
import { attempt, createGroup, openDirect } from "./actions";
import { useChat, useMyself } from "./context";
import styles from "./panels/panels.module.css";
import { PeoplePicker } from "./parts/PeoplePicker";

const NAME_LENGTH = 80;

/** One person: a 1-1 chat. Several, or a name: a group. */
export default function NewChat({ onClose }: { onClose(): void }) {
  const chat = useChat();
  const me = useMyself();
  const [, navigate] = useLocation();
  const [chosen, setChosen] = useState<string[]>([]);
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const group = chosen.length > 1 || name.trim() !== "";
  const ready = group ? name.trim() !== "" : chosen.length === 1;

  const go = (open: () => Promise<Room>) => async () => {
    setBusy(true);
    await attempt(async () => {
      const room = await open();
      onClose();
      navigate(`/room/${room.id}`);
    });
    setBusy(false);
  };
  const start = go(() =>
    group ? createGroup(chat, name.trim(), chosen) : openDirect(chat, chosen[0] ?? me.id),
  );
  return (
    <Modal opened onClose={onClose} title={t("chat.new.title")} size="md">
      <PeoplePicker chosen={chosen} onChange={setChosen} />
      <TextInput
        mt="sm"
        label={t("chat.new.name")}
        description={group ? undefined : t("chat.new.nameHint")}
        placeholder={t("chat.new.namePlaceholder")}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={NAME_LENGTH}
        required={chosen.length > 1}
      />
      <div className={styles.buttons}>
        <Button
          variant="subtle"
          mr="auto"
          px="xs"
          onClick={() => void go(() => openDirect(chat, me.id))()}
        >
          {t("chat.new.notes")}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button loading={busy} disabled={!ready} onClick={() => void start()}>
          {t(group ? "chat.new.createGroup" : "chat.new.open")}
        </Button>
      </div>
    </Modal>
  );
}
