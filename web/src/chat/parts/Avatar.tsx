import { IconHash, IconRobot } from "@tabler/icons-react";
import { AVAILABLE, onLine } from "../../activities/activity";
import { toneOf } from "../../activities/looks";
import { useStatus } from "../../activities/useStatus";
import { t } from "../../lib/i18n";
import type { Person, Room } from "../../lib/types";
import { useChatState } from "../context";
import { otherIn } from "../names";
import styles from "./Avatar.module.css";

const HUES = 8;

function hue(id: string): number {
  let hash = 0;
  for (const char of id) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash % HUES;
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const first = words[0]?.[0] ?? "?";
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? "") : "";
  return (first + last).toLocaleUpperCase();
}

interface Props {
  person: Person | undefined;
  size?: number;
  /** Show what the person does. */
  presence?: boolean;
  /** The same is said in words beside it. */
  silent?: boolean;
}

/** A picture or initials; decorative, because the name always stands beside it. */
export function Avatar({ person, size = 36, presence = false, silent = false }: Props) {
  const name = person?.name ?? "?";
  return (
    <span
      className={styles.avatar}
      style={{ width: size, height: size }}
      aria-hidden={!presence || silent}
    >
      {person?.picture ? (
        <img src={person.picture} alt="" className={styles.picture} loading="lazy" />
      ) : (
        <span
          className={styles.initials}
          data-hue={hue(name)}
          style={{ fontSize: size * 0.38 }}
          aria-hidden
        >
          {person?.role === "bot" ? <IconRobot size={size * 0.55} stroke={1.6} /> : initials(name)}
        </span>
      )}
      {presence && person && <PresenceDot person={person} large={size > 60} />}
    </span>
  );
}

/** The colour of what somebody does, with a bar when it closes the phone; a ring while on the line. */
export function PresenceDot({ person, large = false }: { person: Person; large?: boolean }) {
  const status = useStatus(person);
  if (!status) return null;
  const { line } = status;
  const busy = onLine(status);
  const words = busy ? `${status.text} · ${t(`activities.line.${line}`)}` : status.text;
  return (
    <>
      {busy && <span className={styles.ring} data-line={line} />}
      <span
        className={styles.dot}
        data-tone={toneOf(status.colour)}
        data-online={status.id === AVAILABLE ? status.online : undefined}
        data-closed={status.closes || undefined}
        data-ending={status.ending || undefined}
        data-large={large || undefined}
        title={words}
      >
        <span className="visually-hidden">{words}</span>
      </span>
    </>
  );
}

interface RoomAvatarProps {
  room: Room;
  size?: number;
  silent?: boolean;
}

export function RoomAvatar({ room, size = 40, silent = false }: RoomAvatarProps) {
  const person = useChatState((state) =>
    room.kind === "direct" ? state.people[otherIn(room, state.me?.id ?? "")] : undefined,
  );
  if (room.kind === "direct")
    return <Avatar person={person} size={size} presence silent={silent} />;
  return (
    <span className={styles.avatar} style={{ width: size, height: size }} aria-hidden>
      <span className={styles.group}>
        <IconHash size={size * 0.5} stroke={1.8} />
      </span>
    </span>
  );
}
