import { UnstyledButton } from "@mantine/core";
import { IconBan, IconCrown, IconPhone } from "@tabler/icons-react";
import { Face } from "../account/parts/Face";
import { usePerson } from "../chat/context";
import { Avatar } from "../chat/parts/Avatar";
import { t } from "../lib/i18n";
import styles from "./contacts.module.css";
import { useFavourite } from "./favourites";
import { Highlit } from "./Highlit";
import { isHit } from "./highlight";
import { telLink } from "./numbers";
import { secondLine, shownPhone } from "./rows";
import { SourceMarks } from "./SourceMarks";
import { StarButton } from "./StarButton";
import type { Contact } from "./types";

interface Props {
  contact: Contact;
  query: string;
  onOpen(): void;
}

/** Somebody in the list: one click opens the card, another rings, a third stars. */
export function ContactRow({ contact, query, onOpen }: Props) {
  const { user_id } = contact;
  const marks = useFavourite(user_id ? "person" : "contact", user_id ?? contact.id);
  const phone = shownPhone(contact, query);
  return (
    <div className={styles.row}>
      <UnstyledButton className={styles.who} onClick={onOpen}>
        <RowFace contact={contact} />
        <span className={styles.words}>
          <span className={styles.name}>
            <b>
              <Highlit text={contact.name} query={query} />
            </b>
            <SourceMarks contact={contact} />
            {marks.vip && (
              <span className={styles.vip}>
                <IconCrown size={13} stroke={2} aria-hidden />
                {t("contacts.vip")}
              </span>
            )}
            {marks.blocked && (
              <span className={styles.blocked}>
                <IconBan size={13} stroke={2} aria-hidden />
                {t("contacts.blocked")}
              </span>
            )}
          </span>
          <small>
            {phone && isHit(phone.number, query) && (
              <span className={styles.foundNumber}>
                <Highlit text={phone.number} query={query} />{" "}
              </span>
            )}
            <Highlit text={secondLine(contact, query)} query={query} />
          </small>
        </span>
      </UnstyledButton>
      {phone ? (
        <a
          className={styles.phone}
          href={telLink(phone)}
          aria-label={t("contacts.callAt", { name: contact.name, number: phone.number })}
        >
          <IconPhone size={16} stroke={1.7} aria-hidden />
          <span>
            <Highlit text={phone.number} query={query} />
          </span>
        </a>
      ) : (
        <span className={styles.noPhone} />
      )}
      <StarButton name={contact.name} marks={marks} />
    </div>
  );
}

function RowFace({ contact }: { contact: Contact }) {
  const person = usePerson(contact.user_id ?? "");
  if (person) return <Avatar person={person} size={42} presence />;
  return <Face person={{ name: contact.name }} size={42} />;
}
