import { ActionIcon, Tooltip, UnstyledButton } from "@mantine/core";
import {
  IconArrowLeft,
  IconBellOff,
  IconInfoCircle,
  IconPin,
  IconSearch,
} from "@tabler/icons-react";
import { Link, useLocation } from "wouter";
import { t } from "../../lib/i18n";
import { plain } from "../../lib/markdown";
import type { Room } from "../../lib/types";
import { useChatState } from "../context";
import { otherIn, roomName } from "../names";
import { RoomAvatar } from "../parts/Avatar";
import { isMuted } from "../title";
import styles from "./RoomView.module.css";

export type Panel = "details" | "pins" | null;

interface Props {
  room: Room;
  panel: Panel;
  onPanel(panel: Panel): void;
}

export function RoomHeader({ room, panel, onPanel }: Props) {
  const [, navigate] = useLocation();
  const name = useChatState((state) => roomName(room, state));
  const toggle = (which: Panel) => onPanel(panel === which ? null : which);
  return (
    <header className={styles.header}>
      <Link href="/" className={styles.back} aria-label={t("chat.header.back")}>
        <IconArrowLeft size={22} stroke={1.8} />
      </Link>
      <UnstyledButton className={styles.title} onClick={() => toggle("details")}>
        <RoomAvatar room={room} size={38} />
        <span className={styles.names}>
          <h2 className={styles.name}>
            {name}
            {isMuted(room) && <IconBellOff size={15} stroke={1.7} aria-label={t("chat.muted")} />}
          </h2>
          <Subtitle room={room} />
        </span>
      </UnstyledButton>
      <HeaderButton
        label={t("chat.header.search")}
        onClick={() => navigate(`/search?room=${room.id}`)}
        icon={<IconSearch size={20} stroke={1.7} />}
      />
      <HeaderButton
        label={t("chat.header.pins")}
        pressed={panel === "pins"}
        onClick={() => toggle("pins")}
        icon={<IconPin size={20} stroke={1.7} />}
      />
      <HeaderButton
        label={t("chat.header.details")}
        pressed={panel === "details"}
        onClick={() => toggle("details")}
        icon={<IconInfoCircle size={20} stroke={1.7} />}
      />
    </header>
  );
}

interface ButtonProps {
  label: string;
  icon: React.ReactNode;
  pressed?: boolean;
  onClick(): void;
}

function HeaderButton({ label, icon, pressed, onClick }: ButtonProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant={pressed ? "light" : "subtle"}
        color={pressed ? undefined : "gray"}
        size={38}
        radius="md"
        onClick={onClick}
        aria-label={label}
        aria-pressed={pressed}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

/** Under the name: who the person is and whether they are there, or what the group is about. */
function Subtitle({ room }: { room: Room }) {
  const words = useChatState((state) => {
    if (room.kind === "group") {
      const members = t("chat.members", { count: room.member_ids.length });
      return room.topic ? `${members} · ${plain(room.topic)}` : members;
    }
    const other = state.people[otherIn(room, state.me?.id ?? "")];
    if (!other) return "";
    const presence =
      other.role === "bot" ? t("chat.bot") : t(`chat.presence.${other.presence.online}`);
    return [presence, other.presence.note || other.title].filter(Boolean).join(" · ");
  });
  return <span className={styles.subtitle}>{words}</span>;
}
