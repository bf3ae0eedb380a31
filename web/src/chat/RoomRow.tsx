import { IconBellOff } from "@tabler/icons-react";
import { memo, useSyncExternalStore } from "react";
import { Link } from "wouter";
import { AVAILABLE } from "../activities/activity";
import { iconOf, toneOf } from "../activities/looks";
import { useStatus } from "../activities/useStatus";
import { t } from "../lib/i18n";
import { fullTime, shortTime } from "../lib/time";
import { useChat, useChatState, useRoom } from "./context";
import { firstName, otherIn, preview, roomName } from "./names";
import { RoomAvatar } from "./parts/Avatar";
import styles from "./Sidebar.module.css";
import { isMuted } from "./title";

interface Props {
  roomId: string;
  here: boolean;
}

/** One room: who, when, the last words, and how much is unread. */
export const RoomRow = memo(function RoomRow({ roomId, here }: Props) {
  const room = useRoom(roomId);
  const name = useChatState((state) => {
    const now = state.rooms[roomId];
    return now ? roomName(now, state) : "";
  });
  const status = useStatus(
    useChatState((state) =>
      room?.kind === "direct" ? state.people[otherIn(room, state.me?.id ?? "")] : undefined,
    ),
  );
  if (!room) return null;
  const busy = status && status.id !== AVAILABLE ? status : null;
  const time = room.last_message?.sent_at;
  const label = [
    name,
    busy?.text ?? "",
    room.unread > 0 ? t("chat.unread", { count: room.unread }) : "",
    room.mentions > 0 ? t("chat.mentions", { count: room.mentions }) : "",
  ];
  return (
    <li>
      <Link
        href={`/room/${roomId}`}
        className={styles.room}
        aria-current={here ? "page" : undefined}
        aria-label={label.filter(Boolean).join(", ")}
        data-unread={room.unread > 0 || undefined}
      >
        <RoomAvatar room={room} size={42} />
        <span className={styles.words}>
          <span className={styles.line}>
            <span className={styles.name}>
              {name}
              {busy && <ActivityIcon icon={busy.icon} colour={busy.colour} text={busy.text} />}
            </span>
            {isMuted(room) && (
              <IconBellOff size={14} stroke={1.7} className={styles.quiet} aria-hidden />
            )}
            {time && (
              <time className={styles.time} dateTime={time} title={fullTime(time)}>
                {shortTime(time)}
              </time>
            )}
          </span>
          <span className={styles.line}>
            <LastWords roomId={roomId} here={here} />
            <Badges unread={room.unread} mentions={room.mentions} quiet={isMuted(room)} />
          </span>
        </span>
      </Link>
    </li>
  );
});

/** What the other person does, when it is something: a small sign after the name. */
function ActivityIcon({ icon, colour, text }: { icon: string; colour: string; text: string }) {
  const Icon = iconOf(icon);
  return (
    <span className={styles.activity} data-tone={toneOf(colour)} title={text} aria-hidden>
      <Icon size={15} stroke={1.9} />
    </span>
  );
}

function LastWords({ roomId, here }: Props) {
  const { drafts } = useChat();
  const draft = useSyncExternalStore(
    (changed) => drafts.subscribe((id) => id === roomId && changed()),
    () => drafts.read(roomId).body,
  );
  const typing = useChatState((state) => {
    const [userId] = Object.keys(state.typing[roomId] ?? {});
    return userId ? firstName(state.people[userId]) : "";
  });
  const words = useChatState((state) => {
    const room = state.rooms[roomId];
    if (!room?.last_message) return room?.topic || t("chat.rooms.noMessages");
    return preview(room.last_message, room, state);
  });
  if (typing)
    return <span className={styles.writes}>{t("chat.typing.one", { name: typing })}</span>;
  if (draft && !here) {
    return (
      <span className={styles.preview}>
        <span className={styles.draft}>{t("chat.draft")}</span> {draft}
      </span>
    );
  }
  return <span className={styles.preview}>{words}</span>;
}

function Badges({ unread, mentions, quiet }: { unread: number; mentions: number; quiet: boolean }) {
  if (unread === 0) return null;
  return (
    <span className={styles.badges} aria-hidden>
      {mentions > 0 && <span className={styles.mention}>@</span>}
      <span className={styles.count} data-quiet={quiet || undefined}>
        {unread > 99 ? "99+" : unread}
      </span>
    </span>
  );
}
