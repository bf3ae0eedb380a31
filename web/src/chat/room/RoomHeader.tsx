import { ActionIcon, Tooltip, UnstyledButton } from "@mantine/core";
import {
  IconArrowLeft,
  IconBellOff,
  IconInfoCircle,
  IconPin,
  IconSearch,
} from "@tabler/icons-react";
import { Link, useLocation } from "wouter";
import { ActivityButton } from "../../activities/ActivityButton";
import { AVAILABLE, onLine, timeText } from "../../activities/activity";
import { iconOf, toneOf } from "../../activities/looks";
import { useStatus } from "../../activities/useStatus";
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
        <RoomAvatar room={room} size={38} silent />
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
      <span className={styles.mine}>
        <ActivityButton place="room" />
      </span>
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

/** Under the name: what the person does and until when, or what the group is about. */
function Subtitle({ room }: { room: Room }) {
  const other = useChatState((state) =>
    room.kind === "direct" ? state.people[otherIn(room, state.me?.id ?? "")] : undefined,
  );
  const status = useStatus(other);
  const busy = status && status.id !== AVAILABLE ? status : null;
  const words =
    room.kind === "group"
      ? [t("chat.members", { count: room.member_ids.length }), plain(room.topic)]
      : [
          other?.role === "bot" ? t("chat.bot") : busy ? timeText(busy, Date.now()) : status?.text,
          onLine(status) ? t(`activities.line.${status?.line}`) : "",
          other?.presence.note || other?.title,
        ];
  return (
    <span className={styles.subtitle}>
      {busy && <Activity icon={busy.icon} colour={busy.colour} label={busy.label} />}
      {words.filter(Boolean).join(" · ")}
    </span>
  );
}

function Activity({ icon, colour, label }: { icon: string; colour: string; label: string }) {
  const Icon = iconOf(icon);
  return (
    <b className={styles.activity} data-tone={toneOf(colour)}>
      <Icon size={14} stroke={2} aria-hidden /> {label}
      {" · "}
    </b>
  );
}
