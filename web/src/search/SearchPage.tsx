import { Button, Loader, Select, TextInput, UnstyledButton } from "@mantine/core";
import { IconSearch, IconZoomQuestion } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { jumpTo } from "../chat/actions";
import { useChat, useChatState } from "../chat/context";
import { byLatest, roomName } from "../chat/names";
import { Avatar } from "../chat/parts/Avatar";
import { Empty } from "../chat/parts/Empty";
import { t } from "../lib/i18n";
import { fullTime, shortTime } from "../lib/time";
import type { SearchHit } from "../lib/types";
import styles from "./SearchPage.module.css";
import { type Filters, useSearch } from "./useSearch";

const PERIODS = ["", "1", "7", "30", "365"];

/** Every message one may read: by words, room, author and age. */
export default function SearchPage() {
  const [params, setParams] = useSearchParams();
  const filters: Filters = {
    query: params.get("query") ?? "",
    room: params.get("room") ?? "",
    author: params.get("author") ?? "",
    days: params.get("days") ?? "",
  };
  const set = (changes: Partial<Filters>) => {
    const next = Object.entries({ ...filters, ...changes }).filter(([, value]) => value !== "");
    setParams(Object.fromEntries(next), { replace: true });
  };
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>{t("chat.search.title")}</h1>
        <Words value={filters.query} onChange={(query) => set({ query })} />
        <FilterBar filters={filters} onChange={set} />
      </header>
      <Results filters={filters} />
    </div>
  );
}

const PAUSE_MS = 220;

/** The search runs a moment after the last keystroke. */
function Words({ value, onChange }: { value: string; onChange(value: string): void }) {
  const [text, setText] = useState(value);
  const [timer, setTimer] = useState<ReturnType<typeof setTimeout>>();
  const type = (next: string) => {
    setText(next);
    clearTimeout(timer);
    setTimer(setTimeout(() => onChange(next.trim()), PAUSE_MS));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") document.querySelector<HTMLElement>("[data-hit]")?.focus();
  };
  return (
    <TextInput
      size="md"
      value={text}
      onChange={(event) => type(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      placeholder={t("chat.search.placeholder")}
      aria-label={t("chat.search.placeholder")}
      leftSection={<IconSearch size={19} stroke={1.7} />}
      type="search"
      autoFocus
    />
  );
}

interface BarProps {
  filters: Filters;
  onChange(changes: Partial<Filters>): void;
}

function FilterBar({ filters, onChange }: BarProps) {
  const rooms = useChatState((state) => state.rooms);
  const people = useChatState((state) => state.people);
  const names = useChatState((state) =>
    Object.fromEntries(Object.values(state.rooms).map((room) => [room.id, roomName(room, state)])),
  );
  const shared = {
    size: "sm",
    clearable: true,
    searchable: true,
    checkIconPosition: "right",
  } as const;
  return (
    <div className={styles.filters}>
      <Select
        {...shared}
        aria-label={t("chat.search.room")}
        placeholder={t("chat.search.room")}
        value={filters.room || null}
        onChange={(room) => onChange({ room: room ?? "" })}
        data={Object.values(rooms)
          .sort(byLatest)
          .map((room) => ({ value: room.id, label: names[room.id] ?? "" }))}
      />
      <Select
        {...shared}
        aria-label={t("chat.search.author")}
        placeholder={t("chat.search.author")}
        value={filters.author || null}
        onChange={(author) => onChange({ author: author ?? "" })}
        data={Object.values(people)
          .sort((a, b) => a.name.localeCompare(b.name))
          .map((one) => ({ value: one.id, label: one.name }))}
      />
      <Select
        size="sm"
        aria-label={t("chat.search.period")}
        allowDeselect={false}
        value={filters.days}
        onChange={(days) => onChange({ days: days ?? "" })}
        data={PERIODS.map((value) => ({ value, label: t(`chat.search.days.${value || "any"}`) }))}
      />
    </div>
  );
}

function Results({ filters }: { filters: Filters }) {
  const { hits, more, busy, problem, loadMore } = useSearch(filters);
  if (problem) {
    return <Empty icon={<IconZoomQuestion size={34} stroke={1.5} />} title={problem} />;
  }
  if (hits === null) {
    return busy ? (
      <Loader type="dots" m="xl" aria-label={t("common.loading")} />
    ) : (
      <Empty
        icon={<IconSearch size={32} stroke={1.5} />}
        title={t("chat.search.start")}
        detail={t("chat.search.startDetail")}
      />
    );
  }
  if (hits.length === 0) {
    return (
      <Empty
        icon={<IconZoomQuestion size={34} stroke={1.5} />}
        title={t("chat.search.none")}
        detail={t("chat.search.noneDetail")}
      />
    );
  }
  return (
    <div className={styles.results} aria-busy={busy}>
      <ul>
        {hits.map((hit) => (
          <Hit key={`${hit.room_id}:${hit.entry.seq}`} hit={hit} />
        ))}
      </ul>
      {more && (
        <Button variant="default" loading={busy} onClick={loadMore} className={styles.more}>
          {t("chat.search.more")}
        </Button>
      )}
    </div>
  );
}

function Hit({ hit }: { hit: SearchHit }) {
  const chat = useChat();
  const [, navigate] = useLocation();
  const author = useChatState((state) => state.people[hit.entry.author_id]);
  const room = useChatState((state) => {
    const found = state.rooms[hit.room_id];
    return found ? roomName(found, state) : "";
  });
  const open = () => {
    navigate(`/room/${hit.room_id}`);
    jumpTo(chat, hit.room_id, hit.entry.seq);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...document.querySelectorAll<HTMLElement>("[data-hit]")];
    all[all.indexOf(event.currentTarget) + step]?.focus();
  };
  return (
    <li>
      <UnstyledButton className={styles.hit} data-hit onClick={open} onKeyDown={onKeyDown}>
        <Avatar person={author} size={36} />
        <span className={styles.words}>
          <span className={styles.line}>
            <b>{author?.name ?? t("chat.someone")}</b>
            <span className={styles.room}>{t("chat.search.inRoom", { room })}</span>
            <time dateTime={hit.entry.sent_at} title={fullTime(hit.entry.sent_at)}>
              {shortTime(hit.entry.sent_at)}
            </time>
          </span>
          <span className={styles.snippet}>
            <Snippet text={hit.snippet} />
          </span>
        </span>
      </UnstyledButton>
    </li>
  );
}

/** The server marks the hits with U+0002 and U+0003. */
function Snippet({ text }: { text: string }) {
  return text.split("\u0002").map((part, index) => {
    const [hit, rest] = part.split("\u0003");
    if (index === 0 || rest === undefined) return part.replace("\u0003", "");
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
      <span key={index}>
        <mark>{hit}</mark>
        {rest}
      </span>
    );
  });
}
