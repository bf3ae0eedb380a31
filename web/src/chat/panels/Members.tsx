import { ActionIcon, Button, Modal, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconDoorExit, IconSearch, IconUserMinus, IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { t } from "../../lib/i18n";
import type { Person, Room } from "../../lib/types";
import { addMembers, leaveRoom, removeMember } from "../actions";
import { useChat, useChatState, useMyself } from "../context";
import { matches } from "../names";
import { Avatar } from "../parts/Avatar";
import { PeoplePicker } from "../parts/PeoplePicker";
import styles from "./panels.module.css";

const FILTER_FROM = 9;
const SHOWN = 200;

interface Props {
  room: Room;
  onLeft(): void;
}

/** Who is in the group; anybody may add, the creator and admins may remove, everybody may leave. */
export function Members({ room, onLeft }: Props) {
  const me = useMyself();
  const chat = useChat();
  const [query, setQuery] = useState("");
  const [dialog, setDialog] = useState<"add" | "leave" | Person | null>(null);
  const members = useChatState((state) =>
    room.member_ids
      .map((id) => state.people[id])
      .filter((one): one is Person => one !== undefined)
      .sort((a, b) => a.name.localeCompare(b.name)),
  );
  const mayRemove = room.created_by === me.id || me.can.includes("admin");
  const shown = members.filter((one) => query === "" || matches(one.name, query)).slice(0, SHOWN);
  return (
    <section className={styles.section}>
      <div className={styles.sectionHead}>
        <h3>{t("chat.members", { count: room.member_ids.length })}</h3>
        <Button
          variant="light"
          size="compact-sm"
          leftSection={<IconUserPlus size={16} stroke={1.7} />}
          onClick={() => setDialog("add")}
        >
          {t("chat.details.add")}
        </Button>
      </div>
      {members.length >= FILTER_FROM && (
        <TextInput
          size="sm"
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          placeholder={t("chat.details.filter")}
          aria-label={t("chat.details.filter")}
          leftSection={<IconSearch size={16} stroke={1.7} />}
        />
      )}
      <ul className={styles.people}>
        {shown.map((one) => (
          <li key={one.id}>
            <Avatar person={one} size={34} presence />
            <UnstyledButton className={styles.person} onClick={() => chat.card.set(one.id)}>
              <b>{one.id === me.id ? t("chat.nameYou", { name: one.name }) : one.name}</b>
              <small>{[one.title, one.department].filter(Boolean).join(" · ")}</small>
            </UnstyledButton>
            {mayRemove && one.id !== me.id && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size={32}
                aria-label={t("chat.details.remove", { name: one.name })}
                onClick={() => setDialog(one)}
              >
                <IconUserMinus size={17} stroke={1.7} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      <UnstyledButton className={styles.line} data-danger onClick={() => setDialog("leave")}>
        <IconDoorExit size={18} stroke={1.7} aria-hidden />
        <span>{t("chat.details.leave")}</span>
      </UnstyledButton>
      <Dialogs room={room} dialog={dialog} onClose={() => setDialog(null)} onLeft={onLeft} />
    </section>
  );
}

interface DialogProps extends Props {
  dialog: "add" | "leave" | Person | null;
  onClose(): void;
}

function Dialogs({ room, dialog, onClose, onLeft }: DialogProps) {
  const chat = useChat();
  const [, navigate] = useLocation();
  if (dialog === null) return null;
  if (dialog === "add") return <AddDialog room={room} onClose={onClose} />;
  if (dialog === "leave") {
    return (
      <Confirm
        title={t("chat.leave.title", { name: room.name })}
        detail={t("chat.leave.detail")}
        action={t("chat.details.leave")}
        onClose={onClose}
        onConfirm={async () => {
          if (!(await leaveRoom(chat, room.id))) return;
          onLeft();
          navigate("/");
        }}
      />
    );
  }
  return (
    <Confirm
      title={t("chat.remove.title", { name: dialog.name })}
      detail={t("chat.remove.detail", { room: room.name })}
      action={t("chat.remove.confirm")}
      onClose={onClose}
      onConfirm={async () => {
        await removeMember(chat, room.id, dialog.id);
      }}
    />
  );
}

interface ConfirmProps {
  title: string;
  detail: string;
  action: string;
  onClose(): void;
  onConfirm(): Promise<void>;
}

function Confirm({ title, detail, action, onClose, onConfirm }: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    await onConfirm();
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={title} size="sm">
      <Text fz="sm" c="var(--ink-2)">
        {detail}
      </Text>
      <div className={styles.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button color="falu" loading={busy} onClick={() => void confirm()} data-autofocus>
          {action}
        </Button>
      </div>
    </Modal>
  );
}

function AddDialog({ room, onClose }: { room: Room; onClose(): void }) {
  const chat = useChat();
  const [chosen, setChosen] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const add = async () => {
    setBusy(true);
    const added = await addMembers(chat, room.id, chosen);
    setBusy(false);
    if (added) onClose();
  };
  return (
    <Modal opened onClose={onClose} title={t("chat.add.title", { name: room.name })} size="md">
      <PeoplePicker chosen={chosen} onChange={setChosen} without={room.member_ids} />
      <div className={styles.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button loading={busy} disabled={chosen.length === 0} onClick={() => void add()}>
          {t("chat.add.confirm", { count: chosen.length })}
        </Button>
      </div>
    </Modal>
  );
}
