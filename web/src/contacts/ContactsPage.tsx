import { ActionIcon, Button, Menu, TextInput } from "@mantine/core";
import {
  IconAddressBook,
  IconBan,
  IconDots,
  IconDownload,
  IconFileImport,
  IconPlus,
  IconSearch,
} from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { useTitle } from "../account/parts/useTitle";
import { useChat } from "../chat/context";
import { Empty } from "../chat/parts/Empty";
import { t } from "../lib/i18n";
import { ContactDrawer } from "./ContactDrawer";
import { ContactFormDialog } from "./ContactForm";
import { ContactList, type ListHandle, type Shared } from "./ContactList";
import styles from "./contacts.module.css";
import { Directory, type Tab, Tabs } from "./Directory";
import { ExportItems } from "./ExportItems";
import { byScope } from "./sections";
import type { Contact } from "./types";
import { LIMIT, useContactSearch } from "./useContactSearch";

const SEARCH_LENGTH = 200;

/** Everybody one may want to call: one search over all, and lists to leaf through. */
export default function ContactsPage() {
  const chat = useChat();
  const [params] = useSearchParams();
  const asked = params.get("query") ?? "";
  const [query, setQuery] = useState(asked);
  const [tab, setTab] = useState<Tab>("all");
  const [opened, setOpened] = useState<Contact | null>(null);
  const [adding, setAdding] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const list = useRef<ListHandle>(null);
  const found = useContactSearch(query.trim());
  useTitle(t("contacts.title"));
  useEffect(() => setQuery(asked), [asked]);

  const open = (contact: Contact) => {
    if (contact.user_id) chat.card.set(contact.user_id);
    else setOpened(contact);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const first = found?.query === query.trim() ? found.hits[0] : undefined;
    if (event.key === "ArrowDown") {
      event.preventDefault();
      list.current?.enter();
    } else if (event.key === "Enter" && first) open(first);
    else if (event.key === "Escape" && query) {
      event.stopPropagation();
      setQuery("");
    }
  };
  const leaf = (next: Tab) => {
    setQuery("");
    setTab(next);
  };
  const shared = { ref: list, onOpen: open, onLeave: () => search.current?.focus() };

  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>{t("contacts.title")}</h1>
        <TextInput
          ref={search}
          className={styles.search}
          type="search"
          value={query}
          maxLength={SEARCH_LENGTH}
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          placeholder={t("contacts.search")}
          aria-label={t("contacts.search")}
          leftSection={<IconSearch size={17} stroke={1.7} />}
          autoFocus
        />
        <div className={styles.acts}>
          <Button
            className={styles.add}
            leftSection={<IconPlus size={17} stroke={2} />}
            onClick={() => setAdding(true)}
          >
            {t("contacts.add")}
          </Button>
          <MoreMenu />
        </div>
        <Tabs tab={query.trim() ? null : tab} onChange={leaf} />
      </header>
      {query.trim() ? (
        <Hits query={query.trim()} found={found} shared={shared} />
      ) : (
        <Directory key={tab} tab={tab} shared={shared} onAdd={() => setAdding(true)} />
      )}
      <ContactDrawer contact={opened} onChange={setOpened} onClose={() => setOpened(null)} />
      <ContactFormDialog
        opened={adding}
        contact={null}
        scope={tab === "global" ? "global" : "personal"}
        onClose={() => setAdding(false)}
        onSaved={setOpened}
      />
    </div>
  );
}

interface HitsProps {
  query: string;
  found: ReturnType<typeof useContactSearch>;
  shared: Shared;
}

function Hits({ query, found, shared }: HitsProps) {
  const count = found?.hits.length ?? 0;
  const parts = byScope(found?.hits ?? [], (scope) =>
    t(scope === "internal" ? "contacts.colleagues" : "contacts.title"),
  );
  return (
    <>
      <p className={styles.count} role="status">
        {found?.query === query &&
          (found.problem ||
            (count > 0 ? t(count < LIMIT ? "contacts.hits" : "contacts.hitsMost", { count }) : ""))}
      </p>
      {count > 0 && (
        <ContactList
          {...shared}
          parts={parts}
          query={found?.query ?? ""}
          label={t("contacts.hitsLabel")}
          onEnd={() => {}}
        />
      )}
      {found?.query === query && count === 0 && !found.problem && (
        <Empty
          icon={<IconAddressBook size={32} stroke={1.5} />}
          title={t("contacts.noHits")}
          detail={t("contacts.noHitsHint")}
        />
      )}
    </>
  );
}

function MoreMenu() {
  const [, navigate] = useLocation();
  return (
    <Menu position="bottom-end" width={290}>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label={t("contacts.more")}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconFileImport size={17} />}
          onClick={() => navigate("/contacts/import")}
        >
          {t("contacts.import")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconBan size={17} />}
          onClick={() => navigate("/contacts/blocked")}
        >
          {t("contacts.blockedTitle")}
        </Menu.Item>
        <Menu.Divider />
        <ExportItems icon={<IconDownload size={17} />} />
      </Menu.Dropdown>
    </Menu>
  );
}
