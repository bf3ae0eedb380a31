import { Button, TextInput, UnstyledButton } from "@mantine/core";
import { IconMessage, IconPhone, IconSearch, IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { Virtuoso } from "react-virtuoso";
import { useLocation } from "wouter";
import { attempt, openDirect } from "../chat/actions";
import { useChat, useChatState, useMyself } from "../chat/context";
import { matches } from "../chat/names";
import { Avatar } from "../chat/parts/Avatar";
import { Empty } from "../chat/parts/Empty";
import { mayChat } from "../chat/parts/PeoplePicker";
import { t } from "../lib/i18n";
import type { Person } from "../lib/types";
import styles from "./PeoplePage.module.css";

/** The company's people: who they are, whether they are there, and one click to a chat. */
export default function PeoplePage() {
  const chat = useChat();
  const [query, setQuery] = useState("");
  const people = useChatState((state) =>
    Object.values(state.people)
      .filter((one) => !one.blocked)
      .filter((one) => query === "" || matches(searchable(one), query))
      .sort((a, b) => a.name.localeCompare(b.name, "sv")),
  );
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>{t("chat.people.title")}</h1>
        <TextInput
          className={styles.search}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          placeholder={t("chat.people.search")}
          aria-label={t("chat.people.search")}
          leftSection={<IconSearch size={17} stroke={1.7} />}
          autoFocus
        />
        <span className={styles.count} role="status">
          {t("chat.people.count", { count: people.length })}
        </span>
      </header>
      {people.length === 0 ? (
        <Empty icon={<IconUsers size={32} stroke={1.5} />} title={t("chat.people.none")} />
      ) : (
        <Virtuoso
          className={styles.list}
          data={people}
          computeItemKey={(_, person) => person.id}
          itemContent={(_, person) => (
            <PersonRow person={person} onOpen={() => chat.card.set(person.id)} />
          )}
          aria-label={t("chat.people.title")}
        />
      )}
    </div>
  );
}

function searchable(person: Person): string {
  const phones = person.phones.map((phone) => phone.number).join(" ");
  return `${person.name} ${person.handle} ${person.title} ${person.department} ${person.email} ${phones}`;
}

function PersonRow({ person, onOpen }: { person: Person; onOpen(): void }) {
  const phone = person.phones[0]?.number;
  return (
    <div className={styles.slot}>
      <div className={styles.row}>
        <UnstyledButton className={styles.who} onClick={onOpen}>
          <Avatar person={person} size={44} presence />
          <span className={styles.words}>
            <b>{person.name}</b>
            <small>
              {person.presence.note || person.title || (person.role === "bot" ? t("chat.bot") : "")}
            </small>
          </span>
          <span className={styles.department}>{person.department}</span>
        </UnstyledButton>
        {phone && (
          <a className={styles.phone} href={`tel:${phone.replace(/[^\d+]/g, "")}`}>
            <IconPhone size={15} stroke={1.7} aria-hidden />
            {phone}
          </a>
        )}
        <ChatButton person={person} />
      </div>
    </div>
  );
}

function ChatButton({ person }: { person: Person }) {
  const chat = useChat();
  const me = useMyself();
  const [, navigate] = useLocation();
  if (!me.can.includes("chat") || !mayChat(person)) return <span className={styles.none} />;
  const open = () =>
    attempt(async () => {
      const room = await openDirect(chat, person.id);
      navigate(`/room/${room.id}`);
    });
  return (
    <Button
      variant="light"
      size="sm"
      leftSection={<IconMessage size={17} stroke={1.7} />}
      onClick={() => void open()}
      aria-label={t("chat.people.chatWith", { name: person.name })}
    >
      {t("chat.people.chat")}
    </Button>
  );
}
