import { CloseButton, TextInput, UnstyledButton } from "@mantine/core";
import { IconCheck, IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";
import { t } from "../../lib/i18n";
import type { Person } from "../../lib/types";
import { useChatState } from "../context";
import { matches } from "../names";
import { Avatar } from "./Avatar";
import styles from "./PeoplePicker.module.css";

const SHOWN = 60;
const CHATTING = new Set(["pro", "business", "enterprise"]);

interface Props {
  chosen: string[];
  onChange(chosen: string[]): void;
  /** Not offered: they are in already. */
  without?: string[];
}

/** Choose colleagues by name; Enter takes the first one, Backspace the last one back. */
export function PeoplePicker({ chosen, onChange, without = [] }: Props) {
  const [query, setQuery] = useState("");
  const people = useChatState((state) =>
    Object.values(state.people)
      .filter((one) => mayChat(one) && one.id !== state.me?.id && !without.includes(one.id))
      .sort((a, b) => a.name.localeCompare(b.name)),
  );
  const shown = people
    .filter((one) => query === "" || matches(`${one.name} ${one.handle} ${one.department}`, query))
    .slice(0, SHOWN);
  const toggle = (id: string) => {
    onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
    setQuery("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const first = shown.find((one) => !chosen.includes(one.id));
    if (event.key === "Enter" && first && query) {
      event.preventDefault();
      toggle(first.id);
    } else if (event.key === "Backspace" && query === "") onChange(chosen.slice(0, -1));
  };
  return (
    <div className={styles.picker}>
      {chosen.length > 0 && (
        <div className={styles.chosen}>
          {chosen.map((id) => (
            <Chosen
              key={id}
              person={people.find((one) => one.id === id)}
              onRemove={() => toggle(id)}
            />
          ))}
        </div>
      )}
      <TextInput
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        placeholder={t("chat.picker.search")}
        aria-label={t("chat.picker.search")}
        leftSection={<IconSearch size={17} stroke={1.7} />}
        data-autofocus
      />
      <div
        className={styles.list}
        role="listbox"
        aria-multiselectable
        aria-label={t("chat.picker.people")}
      >
        {shown.map((one) => (
          <UnstyledButton
            key={one.id}
            className={styles.person}
            role="option"
            aria-selected={chosen.includes(one.id)}
            onClick={() => toggle(one.id)}
          >
            <Avatar person={one} size={36} presence />
            <span>
              <b>{one.name}</b>
              <small>{[one.title, one.department].filter(Boolean).join(" · ")}</small>
            </span>
            {chosen.includes(one.id) && <IconCheck size={19} stroke={2} aria-hidden />}
          </UnstyledButton>
        ))}
        {shown.length === 0 && <p>{t("chat.picker.none")}</p>}
      </div>
    </div>
  );
}

/** Whether the person's plan has chat, so that they can be written to. */
export function mayChat(person: Person): boolean {
  return !person.blocked && (CHATTING.has(person.plan) || person.role === "bot");
}

function Chosen({ person, onRemove }: { person: Person | undefined; onRemove(): void }) {
  return (
    <span className={styles.chip}>
      <Avatar person={person} size={22} />
      {person?.name}
      <CloseButton
        size="xs"
        onClick={onRemove}
        aria-label={t("chat.picker.remove", { name: person?.name ?? "" })}
      />
    </span>
  );
}
