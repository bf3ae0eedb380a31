import { Button, Drawer } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { Confirm } from "../account/parts/Confirm";
import { useChatState, useMyself } from "../chat/context";
import { api, Problem } from "../lib/api";
import { t } from "../lib/i18n";
import { ContactCard } from "./ContactCard";
import { ContactFormDialog } from "./ContactForm";
import styles from "./contacts.module.css";
import { isEditable } from "./sources";
import type { Contact } from "./types";

interface Props {
  contact: Contact | null;
  /** The contact has news, or was deleted. */
  onChange(contact: Contact | null): void;
  onClose(): void;
}

/** A contact's card, over the list. */
export function ContactDrawer({ contact, onChange, onClose }: Props) {
  const me = useMyself();
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  useNews(contact, onChange);
  const mine = contact?.scope === "personal" || me.can.includes("admin");
  const mayEdit = contact && mine && isEditable(contact);

  const remove = async () => {
    if (!contact) return;
    await api.delete(`/api/contacts/${contact.id}`);
    notifications.show({ message: t("contacts.deleted", { name: contact.name }), color: "spruce" });
    onClose();
  };

  return (
    <>
      <Drawer
        opened={contact !== null}
        onClose={onClose}
        position="right"
        size={400}
        title={t("contacts.card")}
      >
        {contact && (
          <>
            <ContactCard contact={contact} />
            {mayEdit && (
              <div className={styles.cardActs}>
                <Button
                  variant="default"
                  leftSection={<IconPencil size={17} stroke={1.7} />}
                  onClick={() => setEditing(true)}
                >
                  {t("contacts.edit")}
                </Button>
                <Button
                  variant="subtle"
                  color="falu"
                  leftSection={<IconTrash size={17} stroke={1.7} />}
                  onClick={() => setDeleting(true)}
                >
                  {t("contacts.delete")}
                </Button>
              </div>
            )}
          </>
        )}
      </Drawer>
      <ContactFormDialog
        opened={editing}
        contact={contact}
        scope="personal"
        onClose={() => setEditing(false)}
        onSaved={onChange}
      />
      <Confirm
        opened={deleting}
        title={t("contacts.deleteTitle", { name: contact?.name ?? "" })}
        deed={t("contacts.delete")}
        onClose={() => setDeleting(false)}
        onConfirm={remove}
      >
        {t(contact?.scope === "global" ? "contacts.deleteGlobal" : "contacts.deleteOwn")}
      </Confirm>
    </>
  );
}

/** When contacts change elsewhere while a card is open, it shows the change, or closes with it. */
function useNews(contact: Contact | null, onChange: Props["onChange"]): void {
  const changes = useChatState((state) => state.contactChanges);
  const seen = useRef(changes);
  const id = contact?.id;
  useEffect(() => {
    if (changes === seen.current || !id) {
      seen.current = changes;
      return;
    }
    seen.current = changes;
    let current = true;
    api
      .get<Contact>(`/api/contacts/${id}`)
      .then((fresh) => current && onChange(fresh))
      .catch((error) => {
        if (current && error instanceof Problem && error.status === 404) onChange(null);
      });
    return () => {
      current = false;
    };
  }, [changes, id, onChange]);
}
