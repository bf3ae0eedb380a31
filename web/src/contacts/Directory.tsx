import { Button, Skeleton } from "@mantine/core";
import { IconAddressBook, IconStar } from "@tabler/icons-react";
import { useMemo } from "react";
import { useChatState } from "../chat/context";
import { Empty } from "../chat/parts/Empty";
import { t } from "../lib/i18n";
import { ContactList, type Shared } from "./ContactList";
import styles from "./contacts.module.css";
import { useFavourites } from "./favourites";
import { byLetter, byName, marksShown, ofPerson, together } from "./sections";
import type { Contact } from "./types";
import { useContactPages } from "./useContactPages";
import { useContactsById } from "./useContactsById";

export type Tab = "favourites" | "all" | "personal" | "global";

const TABS: Tab[] = ["favourites", "all", "personal", "global"];

interface TabsProps {
  /** None while there is a search: it goes over everybody. */
  tab: Tab | null;
  onChange(tab: Tab): void;
}

/** Which list to leaf through. */
export function Tabs({ tab, onChange }: TabsProps) {
  return (
    <div className={styles.tabs} role="group" aria-label={t("contacts.lists")}>
      {TABS.map((one) => (
        <button
          key={one}
          type="button"
          className={styles.tab}
          aria-pressed={one === tab}
          onClick={() => onChange(one)}
        >
          {t(`contacts.tab.${one}`)}
        </button>
      ))}
    </div>
  );
}

interface Props {
  tab: Tab;
  shared: Shared;
  onAdd(): void;
}

/** The list of a tab. */
export function Directory({ tab, shared, onAdd }: Props) {
  if (tab === "favourites") return <Favourites shared={shared} />;
  return <Everybody tab={tab} shared={shared} onAdd={onAdd} />;
}

function Everybody({ tab, shared, onAdd }: Props) {
  const pages = useContactPages(tab === "all" ? "" : (tab as "personal" | "global"));
  const colleagues = useColleagues();
  const rows = useMemo(() => {
    if (tab !== "all") return pages.rows;
    return together(colleagues, pages.rows, pages.cursor === null && !pages.fresh);
  }, [tab, pages.rows, pages.cursor, pages.fresh, colleagues]);
  const parts = useMemo(() => byLetter(rows), [rows]);

  if (rows.length > 0) {
    return (
      <ContactList
        {...shared}
        parts={parts}
        query=""
        label={t(`contacts.tab.${tab}`)}
        onEnd={pages.loadMore}
      />
    );
  }
  if (pages.fresh) return <Outline />;
  return (
    <Empty
      icon={<IconAddressBook size={32} stroke={1.5} />}
      title={pages.problem || t(`contacts.empty.${tab}`)}
      detail={pages.problem ? "" : t(`contacts.emptyHint.${tab}`)}
    >
      {pages.problem ? (
        <Button variant="default" onClick={pages.retry}>
          {t("common.retry")}
        </Button>
      ) : (
        <Button variant="light" onClick={onAdd}>
          {t("contacts.add")}
        </Button>
      )}
    </Empty>
  );
}

function useColleagues(): Contact[] {
  const people = useChatState((state) => state.people);
  return useMemo(
    () =>
      Object.values(people)
        .filter((one) => !one.blocked && one.role !== "bot")
        .map(ofPerson)
        .sort(byName),
    [people],
  );
}

function Favourites({ shared }: { shared: Shared }) {
  const favourites = marksShown(useFavourites());
  const people = useChatState((state) => state.people);
  const ids = favourites.flatMap((one) => (one.kind === "contact" ? [one.contact_id ?? ""] : []));
  const contacts = useContactsById(ids.sort());
  const rows = favourites.flatMap((one) => {
    const person = people[one.user_id ?? ""];
    const contact = person ? ofPerson(person) : contacts[one.contact_id ?? ""];
    return contact ? [contact] : [];
  });
  const parts = byLetter(rows.sort(byName));
  if (rows.length === 0 && favourites.length > 0) return <Outline />;
  if (rows.length === 0) {
    return (
      <Empty
        icon={<IconStar size={32} stroke={1.5} />}
        title={t("contacts.empty.favourites")}
        detail={t("contacts.emptyHint.favourites")}
      />
    );
  }
  return (
    <ContactList
      {...shared}
      parts={parts}
      query=""
      label={t("contacts.tab.favourites")}
      onEnd={() => {}}
    />
  );
}

function Outline() {
  return (
    <div className={styles.outline} role="status" aria-label={t("common.loading")}>
      {[1, 2, 3, 4, 5, 6].map((row) => (
        <Skeleton key={row} height={52} radius="md" />
      ))}
    </div>
  );
}
