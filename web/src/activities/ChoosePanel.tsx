import { Button, TextInput, UnstyledButton } from "@mantine/core";
import { IconCalendarCog, IconCheck } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { Notice } from "../account/parts/Notice";
import { useSubmit } from "../account/parts/useSubmit";
import { CalendarNews } from "../calendars/CalendarNews";
import { CALENDARS } from "../calendars/consent";
import { mayHaveCalendars } from "../calendars/right";
import { useDeciding } from "../calendars/useMeetings";
import { useChat, useChatState, useMyself } from "../chat/context";
import { t } from "../lib/i18n";
import type { ActivityType, Person } from "../lib/types";
import { AskEnd } from "./AskEnd";
import styles from "./activities.module.css";
import { AVAILABLE, choices, lookOf } from "./activity";
import { type Choice, choose } from "./choose";
import { EndChoice } from "./EndChoice";
import { asksEnd, type End, endText, momentOfEnd, USUAL, type Work } from "./ends";
import { Sign } from "./Sign";
import { useGrid } from "./useGrid";
import { useStatus } from "./useStatus";

const LONGEST_NOTE = 200;

interface Props {
  person: Person;
  /** A type that wants its end at once, such as Semester from the palette. */
  ask?: string | null;
  onDone(): void;
}

/** Choose an activity for *person*: one click, or first until when and with which note. */
export function ChoosePanel({ person, ask = null, onDone }: Props) {
  const chat = useChat();
  const me = useMyself();
  const mine = person.id === me.id;
  const company = useChatState((state) => state.activities);
  const types = choices(company, person.activity_types);
  const work = mine ? { hours: me.working_hours, zone: me.time_zone } : null;
  const [end, setEnd] = useState<End>(USUAL);
  const [note, setNote] = useState("");
  const [asking, setAsking] = useState(types.find((type) => type.id === ask));
  const submit = useSubmit();

  const send = async (type: ActivityType, at: End) => {
    const moment = type.id === AVAILABLE ? null : momentOfEnd(at, work, Date.now());
    const choice: Choice = { activity_id: type.id };
    if (moment !== null) choice.until = new Date(moment).toISOString();
    if (note.trim() && type.id !== AVAILABLE) choice.note = note.trim();
    if (!mine) choice.user_id = person.id;
    if (await submit.run(() => choose(chat, choice))) onDone();
  };
  const pick = (type: ActivityType) => {
    submit.clear();
    const written = end.kind === "at" && momentOfEnd(end, work, Date.now()) === null;
    if (type.id !== AVAILABLE && (asksEnd(type, end) || written)) setAsking(type);
    else void send(type, end);
  };
  const noteField = (
    <TextInput
      aria-label={t("activities.note")}
      placeholder={t("activities.notePlaceholder")}
      maxLength={LONGEST_NOTE}
      value={note}
      onChange={(event) => setNote(event.currentTarget.value)}
    />
  );

  if (asking) {
    return (
      <AskEnd
        type={asking}
        person={mine ? null : person}
        work={work}
        busy={submit.busy}
        problem={submit.message}
        onBack={() => setAsking(undefined)}
        onChoose={(at) => void send(asking, at)}
      >
        {noteField}
      </AskEnd>
    );
  }
  return (
    <div className={styles.panel} aria-busy={submit.busy}>
      <Now person={person} mine={mine} onBack={pick} types={types} />
      {mine && <CalendarNews onLeave={onDone} />}
      <EndChoice end={end} work={work} onChange={setEnd} />
      {noteField}
      <Notice>{submit.message}</Notice>
      <Types types={types} end={end} work={work} current={person} onPick={pick} />
      {mine && mayHaveCalendars(me) && (
        <Link href={CALENDARS} className={styles.calendars} onClick={onDone}>
          <IconCalendarCog size={16} stroke={1.8} aria-hidden />
          {t("calendars.menu.page")}
        </Link>
      )}
    </div>
  );
}

interface NowProps {
  person: Person;
  mine: boolean;
  types: ActivityType[];
  onBack(available: ActivityType): void;
}

/** How it is now, and one click back to Available. */
function Now({ person, mine, types, onBack }: NowProps) {
  const status = useStatus(person);
  const deciding = useDeciding();
  const available = types.find((type) => type.id === AVAILABLE);
  if (!status) return null;
  return (
    <header className={styles.now}>
      <Sign icon={status.icon} colour={status.colour} size={40} solid />
      <span className={styles.nowWords}>
        <small>{mine ? t("activities.mine") : t("activities.of", { name: person.name })}</small>
        <b>{status.id === AVAILABLE ? status.label : status.text}</b>
        {mine && deciding && <span>{t("calendars.menu.from")}</span>}
        {person.presence.note && <span>{person.presence.note}</span>}
      </span>
      {status.id !== AVAILABLE && available && (
        <Button
          size="xs"
          variant="light"
          leftSection={<IconCheck size={15} stroke={2} aria-hidden />}
          onClick={() => onBack(available)}
          aria-label={t("activities.toAvailable")}
        >
          {t("activities.toAvailableShort")}
        </Button>
      )}
    </header>
  );
}

interface TypesProps {
  types: ActivityType[];
  end: End;
  work: Work | null;
  current: Person;
  onPick(type: ActivityType): void;
}

function Types({ types, end, work, current, onPick }: TypesProps) {
  const now = Date.now();
  const chosen = current.presence.activity ?? AVAILABLE;
  const first = types.some((type) => type.id === chosen) ? chosen : types[0]?.id;
  const { grid, onKeyDown } = useGrid();
  const there = types.length > 0;
  useEffect(() => {
    if (!there) return;
    const focus = () =>
      grid.current?.querySelector<HTMLElement>("[data-autofocus]")?.focus({ preventScroll: true });
    // Later: what opens the menu first notes where the focus was.
    const timer = setTimeout(focus);
    return () => clearTimeout(timer);
  }, [grid, there]);
  return (
    <div
      ref={grid}
      className={styles.types}
      role="menu"
      aria-label={t("activities.choose")}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      {types.map((type) => {
        const { label, colour, icon } = lookOf(type);
        return (
          <UnstyledButton
            key={type.id}
            className={styles.type}
            role="menuitemradio"
            aria-checked={type.id === chosen}
            tabIndex={type.id === first ? 0 : -1}
            data-autofocus={type.id === first || undefined}
            onClick={() => onPick(type)}
          >
            <Sign icon={icon} colour={colour} size={34} solid={type.id === chosen} />
            <span className={styles.typeWords}>
              <b>{label}</b>
              <small>{endText(type, end, work, now)}</small>
            </span>
          </UnstyledButton>
        );
      })}
    </div>
  );
}
