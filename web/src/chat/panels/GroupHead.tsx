import { Button, Text, Textarea, TextInput } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { t } from "../../lib/i18n";
import type { Room } from "../../lib/types";
import { updateRoom } from "../actions";
import { useChat } from "../context";
import { RoomAvatar } from "../parts/Avatar";
import styles from "./panels.module.css";

const NAME_LENGTH = 80;
const TOPIC_LENGTH = 250;

/** A group's name and topic; every member may change them. */
export function GroupHead({ room }: { room: Room }) {
  const [editing, setEditing] = useState(false);
  if (editing) return <GroupForm room={room} onDone={() => setEditing(false)} />;
  return (
    <div className={styles.head}>
      <RoomAvatar room={room} size={72} />
      <h3>{room.name}</h3>
      {room.topic && (
        <Text fz="sm" c="var(--ink-2)">
          {room.topic}
        </Text>
      )}
      <Button
        variant="default"
        size="compact-md"
        leftSection={<IconPencil size={16} stroke={1.7} />}
        onClick={() => setEditing(true)}
      >
        {t("chat.details.rename")}
      </Button>
    </div>
  );
}

function GroupForm({ room, onDone }: { room: Room; onDone(): void }) {
  const chat = useChat();
  const [name, setName] = useState(room.name);
  const [topic, setTopic] = useState(room.topic);
  const [busy, setBusy] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const changes = {
      ...(name.trim() !== room.name && { name: name.trim() }),
      ...(topic.trim() !== room.topic && { topic: topic.trim() }),
    };
    setBusy(true);
    const saved = Object.keys(changes).length === 0 || (await updateRoom(chat, room.id, changes));
    setBusy(false);
    if (saved) onDone();
  };
  return (
    <form className={styles.form} onSubmit={(event) => void save(event)}>
      <TextInput
        label={t("chat.details.name")}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={NAME_LENGTH}
        required
        data-autofocus
      />
      <Textarea
        label={t("chat.details.topic")}
        value={topic}
        onChange={(event) => setTopic(event.currentTarget.value)}
        maxLength={TOPIC_LENGTH}
        autosize
        minRows={2}
        maxRows={5}
      />
      <div className={styles.buttons}>
        <Button variant="default" size="sm" onClick={onDone}>
          {t("common.cancel")}
        </Button>
        <Button type="submit" size="sm" loading={busy} disabled={name.trim() === ""}>
          {t("common.save")}
        </Button>
      </div>
    </form>
  );
}
