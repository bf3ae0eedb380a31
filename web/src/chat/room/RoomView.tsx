import { Button, Drawer, Modal, Skeleton, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconMoodEmpty } from "@tabler/icons-react";
import { Suspense, useEffect, useMemo, useRef, useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { t } from "../../lib/i18n";
import { lazily } from "../../lib/lazily";
import { Problem } from "../../lib/problem";
import type { MessageEntry, Room } from "../../lib/types";
import { jumpTo, remove } from "../actions";
import { useChat, useChatState, useRoom, useUnsent } from "../context";
import { Empty } from "../parts/Empty";
import { Composer } from "./Composer";
import { LiveRegion } from "./LiveRegion";
import { Markdown } from "./Markdown";
import { MessageList } from "./MessageList";
import { MessageSheet } from "./MessageSheet";
import { type Panel, RoomHeader } from "./RoomHeader";
import styles from "./RoomView.module.css";
import { TypingLine } from "./TypingLine";
import { type RoomUi, RoomUiContext } from "./ui";

const RETRY_MS = 2000;
const DetailsPanel = lazily(() => import("../panels/DetailsPanel"));
const PinsPanel = lazily(() => import("../panels/PinsPanel"));

export function RoomView({ roomId }: { roomId: string }) {
  const room = useRoom(roomId);
  const ready = useChatState((state) => state.current);
  if (room) return <OpenRoom room={room} />;
  if (!ready) return <WaitingRoom />;
  return (
    <Empty
      icon={<IconMoodEmpty size={34} stroke={1.5} />}
      title={t("chat.gone.title")}
      detail={t("chat.gone.detail")}
    >
      <LeftBehind roomId={roomId} />
    </Empty>
  );
}

/** What could not be sent because the room is gone: not lost until its author throws it away. */
function LeftBehind({ roomId }: { roomId: string }) {
  const chat = useChat();
  const unsent = useUnsent(roomId);
  if (unsent.length === 0) return null;
  return (
    <div className={styles.leftBehind}>
      <strong>{t("chat.gone.unsent")}</strong>
      {unsent.map((item) => (
        <div key={item.client_id}>
          <Markdown body={item.body} mentions={null} />
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            onClick={() => void chat.engine.outbox.discard(item.client_id)}
          >
            {t("chat.unsent.discard")}
          </Button>
        </div>
      ))}
    </div>
  );
}

function OpenRoom({ room }: { room: Room }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [panel, setPanel] = useState<Panel>(null);
  const [deleting, setDeleting] = useState<MessageEntry | null>(null);
  const [sheet, setSheet] = useState<MessageEntry | null>(null);
  const ui = useUi(room.id, field, setDeleting, setSheet);
  const log = useWindow(room.id);
  return (
    <RoomUiContext value={ui}>
      <div className={styles.room}>
        <section className={styles.main} aria-label={t("chat.messages.label")}>
          <RoomHeader room={room} panel={panel} onPanel={setPanel} />
          {log ? <MessageList room={room} log={log} /> : <WaitingMessages />}
          <TypingLine roomId={room.id} />
          <Composer room={room} field={field} />
          <LiveRegion roomId={room.id} />
        </section>
        <SidePanel room={room} panel={panel} onClose={() => setPanel(null)} />
      </div>
      {deleting && <ConfirmDelete message={deleting} onClose={() => setDeleting(null)} />}
      {sheet && <MessageSheet message={sheet} onClose={() => setSheet(null)} />}
    </RoomUiContext>
  );
}

function useUi(
  roomId: string,
  field: React.RefObject<HTMLTextAreaElement | null>,
  confirmDelete: (message: MessageEntry) => void,
  openSheet: (message: MessageEntry) => void,
): RoomUi {
  const { drafts } = useChat();
  const [editing, setEditing] = useState<number | null>(null);
  return useMemo(() => {
    const focusComposer = () => requestAnimationFrame(() => field.current?.focus());
    return {
      roomId,
      editing,
      setEditing,
      setReplyTo: (seq) => {
        drafts.write(roomId, { ...drafts.read(roomId), reply_to: seq });
        focusComposer();
      },
      confirmDelete,
      openSheet,
      focusComposer,
    };
  }, [roomId, editing, drafts, field, confirmDelete, openSheet]);
}

/** The room's window, opened when it is not there: at first, and after a long absence. */
function useWindow(roomId: string) {
  const chat = useChat();
  const log = useChatState((state) => state.logs[roomId]);
  const online = useChatState((state) => state.connection === "online" && state.current);
  const [params, setParams] = useSearchParams();
  const [, navigate] = useLocation();
  const at = Number(params.get("at"));
  const [attempts, setAttempts] = useState(0);
  const missing = !log;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a failed attempt is followed by another
  useEffect(() => {
    if (!missing || !online) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    chat.history.open(roomId).catch((error) => {
      if (error instanceof Problem && !error.passing) navigate("/");
      else timer = setTimeout(() => setAttempts((count) => count + 1), RETRY_MS);
    });
    return () => clearTimeout(timer);
  }, [chat, roomId, missing, online, navigate, attempts]);
  useEffect(() => {
    if (missing || !at) return;
    jumpTo(chat, roomId, at);
    setParams({}, { replace: true });
  }, [chat, roomId, missing, at, setParams]);
  useEffect(() => () => chat.history.trim(roomId), [chat, roomId]);
  return log;
}

function SidePanel({ room, panel, onClose }: { room: Room; panel: Panel; onClose(): void }) {
  const beside = useMediaQuery("(min-width: 1180px)", true, { getInitialValueInEffect: false });
  const content = (
    <Suspense>
      {panel === "details" && <DetailsPanel room={room} onClose={onClose} />}
      {panel === "pins" && <PinsPanel room={room} onClose={onClose} />}
    </Suspense>
  );
  if (beside) return panel && <aside className={styles.panel}>{content}</aside>;
  return (
    <Drawer
      opened={panel !== null}
      onClose={onClose}
      position="right"
      size={400}
      padding={0}
      withCloseButton={false}
    >
      {content}
    </Drawer>
  );
}

function ConfirmDelete({ message, onClose }: { message: MessageEntry; onClose(): void }) {
  const chat = useChat();
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    await remove(chat, message);
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={t("chat.delete.title")} size="sm">
      <Text fz="sm" c="var(--ink-2)">
        {t("chat.delete.detail")}
      </Text>
      <div className={styles.confirm}>
        <Button variant="default" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button color="falu" loading={busy} onClick={() => void confirm()} data-autofocus>
          {t("chat.delete.confirm")}
        </Button>
      </div>
    </Modal>
  );
}

function WaitingRoom() {
  return (
    <div className={styles.room}>
      <div className={styles.main}>
        <div className={styles.header}>
          <Skeleton w={38} h={38} radius="32%" />
          <Skeleton h={14} w={180} />
        </div>
        <WaitingMessages />
      </div>
    </div>
  );
}

function WaitingMessages() {
  return (
    <div className={styles.waiting} role="status" aria-busy aria-label={t("common.loading")}>
      {[62, 38, 80, 45, 70, 30].map((width) => (
        <div key={width}>
          <Skeleton w={38} h={38} radius="32%" />
          <span>
            <Skeleton h={11} w={120} mb={10} />
            <Skeleton h={11} w={`${width}%`} />
          </span>
        </div>
      ))}
    </div>
  );
}
