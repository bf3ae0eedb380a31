import { ActionIcon, Kbd, Skeleton, TextInput, Tooltip, UnstyledButton } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import { IconEdit, IconMessagePlus, IconSearch, IconX } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useRoute } from "wouter";
import { t } from "../lib/i18n";
import { AlertOffer } from "./AlertOffer";
import { useChat, useChatState } from "./context";
import { byLatest, matches, roomName } from "./names";
import { Empty } from "./parts/Empty";
import { RoomRow } from "./RoomRow";
import styles from "./Sidebar.module.css";

type Filter = "all" | "unread";

/** The room list: the latest on top, with a filter. */
export function Sidebar({ onNew }: { onNew: () => void }) {
  const [query, setQuery] = useState("");
  const [filter, setFilter] = useState<Filter>("all");
  const orgName = useChatState((state) => state.org?.name);
  const ready = useChatState((state) => state.ready);
  const shown = useShownRooms(query, filter);
  return (
    <aside className={styles.sidebar} aria-label={t("chat.rooms.label")}>
      <header className={styles.header}>
        <h1 className={styles.org}>{orgName ?? "Växel"}</h1>
        <Tooltip label={t("chat.new.title")}>
          <ActionIcon
            variant="light"
            size={36}
            radius="md"
            onClick={onNew}
            aria-label={t("chat.new.title")}
          >
            <IconEdit size={19} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </header>
      <div className={styles.tools}>
        <UnstyledButton className={styles.find} onClick={spotlight.open}>
          <IconSearch size={16} stroke={1.8} aria-hidden />
          <span>{t("chat.palette.open")}</span>
          <Kbd size="xs">Ctrl K</Kbd>
        </UnstyledButton>
        <TextInput
          size="sm"
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          placeholder={t("chat.rooms.filter")}
          aria-label={t("chat.rooms.filter")}
          rightSection={
            query && (
              <ActionIcon
                variant="transparent"
                color="gray"
                size="sm"
                aria-label={t("chat.rooms.clear")}
                onClick={() => setQuery("")}
              >
                <IconX size={15} />
              </ActionIcon>
            )
          }
          classNames={{ input: styles.filter }}
        />
        <div className={styles.chips}>
          {(["all", "unread"] as const).map((value) => (
            <UnstyledButton
              key={value}
              className={styles.chip}
              aria-pressed={filter === value}
              onClick={() => setFilter(value)}
            >
              {t(`chat.rooms.${value}`)}
            </UnstyledButton>
          ))}
        </div>
      </div>
      {ready ? (
        <RoomList ids={shown} filtered={query !== "" || filter !== "all"} onNew={onNew} />
      ) : (
        <Waiting />
      )}
      <AlertOffer />
    </aside>
  );
}

/** Ids in order; renders again only when the order changes, the rows look after themselves. */
function useShownRooms(query: string, filter: Filter): string[] {
  const { drafts } = useChat();
  return useChatState((state) =>
    Object.values(state.rooms)
      .filter((room) => filter === "all" || room.unread > 0)
      .filter((room) => query === "" || matches(roomName(room, state), query))
      // An empty 1-1 room that somebody else opened is no news yet.
      .filter(
        (room) =>
          room.kind === "group" ||
          room.last_message ||
          opened(room.created_by, state.me?.id) ||
          drafts.read(room.id).body,
      )
      .sort(byLatest)
      .map((room) => room.id),
  );
}

function opened(creator: string, myId: string | undefined): boolean {
  return creator === myId;
}

function RoomList({
  ids,
  filtered,
  onNew,
}: {
  ids: string[];
  filtered: boolean;
  onNew: () => void;
}) {
  const [, params] = useRoute("/room/:id");
  const rows = useMemo(
    () => ids.map((id) => <RoomRow key={id} roomId={id} here={id === params?.id} />),
    [ids, params?.id],
  );
  if (ids.length > 0) {
    return (
      <nav className={styles.list} aria-label={t("chat.rooms.label")}>
        <ul>{rows}</ul>
      </nav>
    );
  }
  return (
    <div className={styles.list}>
      <Empty
        icon={<IconMessagePlus size={32} stroke={1.5} />}
        title={t(filtered ? "chat.rooms.noMatch" : "chat.rooms.empty")}
        detail={filtered ? undefined : t("chat.rooms.emptyDetail")}
      >
        {!filtered && (
          <UnstyledButton className={styles.start} onClick={onNew}>
            {t("chat.new.title")}
          </UnstyledButton>
        )}
      </Empty>
    </div>
  );
}

function Waiting() {
  return (
    <div className={styles.list} role="status" aria-busy aria-label={t("common.loading")}>
      {[72, 55, 80, 48, 66, 60].map((width) => (
        <div key={width} className={styles.waiting}>
          <Skeleton w={42} h={42} radius="32%" />
          <div>
            <Skeleton h={11} w={`${width}%`} mb={9} />
            <Skeleton h={9} w={`${Math.min(95, width + 18)}%`} />
          </div>
        </div>
      ))}
    </div>
  );
}
