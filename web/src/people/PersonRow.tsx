import { ActionIcon, Tooltip, UnstyledButton } from "@mantine/core";
import { IconMessage, IconPhone } from "@tabler/icons-react";
import { useLocation } from "wouter";
import { LineSign } from "../activities/LineSign";
import { Pill } from "../activities/Pill";
import { useStatus } from "../activities/useStatus";
import { attempt, openDirect } from "../chat/actions";
import { useChat, useMyself } from "../chat/context";
import { Avatar } from "../chat/parts/Avatar";
import { mayChat } from "../chat/parts/PeoplePicker";
import { t } from "../lib/i18n";
import type { Person } from "../lib/types";
import { dialled, numbersOf, written } from "./numbers";
import styles from "./PeoplePage.module.css";
import { Star } from "./Star";

/** One colleague: who, what they do until when, and the ways to them. */
export function PersonRow({ person }: { person: Person }) {
  const chat = useChat();
  const me = useMyself();
  const status = useStatus(person);
  const [first] = numbersOf(person);
  const mine = person.id === me.id;
  const under = [person.title, person.department].filter(Boolean).join(" · ");
  return (
    <div className={styles.slot}>
      <div className={styles.row}>
        <UnstyledButton
          className={styles.who}
          onClick={() => chat.card.set(person.id)}
          data-person={person.id}
        >
          <Avatar person={person} size={44} presence silent />
          <span className={styles.words}>
            <b>{mine ? t("chat.nameYou", { name: person.name }) : person.name}</b>
            <small className={styles.wide}>
              {person.title || (person.role === "bot" ? t("chat.bot") : "")}
            </small>
            <small className={styles.tight}>{under}</small>
          </span>
        </UnstyledButton>
        <span className={styles.department}>{person.department}</span>
        <span className={styles.state}>
          {status && <Pill status={status} />}
          {status && <LineSign line={status.line} />}
          {person.presence.note && (
            <small className={styles.note} title={person.presence.note}>
              {person.presence.note}
            </small>
          )}
        </span>
        {first ? (
          <a
            className={styles.phone}
            href={`tel:${dialled(first.number)}`}
            aria-label={t("people.callAt", { name: person.name, number: written(first) })}
          >
            <IconPhone size={16} stroke={1.7} aria-hidden />
            <span>{written(first)}</span>
          </a>
        ) : (
          <span className={styles.phone} />
        )}
        <span className={styles.acts}>
          <ChatButton person={person} />
          {!mine && person.role !== "bot" && <Star person={person} />}
        </span>
      </div>
    </div>
  );
}

function ChatButton({ person }: { person: Person }) {
  const chat = useChat();
  const me = useMyself();
  const [, navigate] = useLocation();
  if (!me.can.includes("chat") || !mayChat(person)) return null;
  const open = () =>
    attempt(async () => {
      const room = await openDirect(chat, person.id);
      navigate(`/room/${room.id}`);
    });
  return (
    <Tooltip label={t("chat.people.chat")}>
      <ActionIcon
        variant="subtle"
        size={38}
        radius="md"
        onClick={() => void open()}
        aria-label={t("chat.people.chatWith", { name: person.name })}
      >
        <IconMessage size={19} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}
