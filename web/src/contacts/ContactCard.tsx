import { IconMail, IconMessage2, IconNote, IconPhone, IconUsersGroup } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Face } from "../account/parts/Face";
import panels from "../chat/panels/panels.module.css";
import { t } from "../lib/i18n";
import styles from "./contacts.module.css";
import { MarkButtons } from "./MarkButtons";
import { smsLink, takesTexts, telLink } from "./numbers";
import { SourceLinks } from "./SourceMarks";
import type { Contact, ContactPhone } from "./types";

const ICON = { size: 18, stroke: 1.6, "aria-hidden": true } as const;

/** Who a contact is, how to reach them, and what their calls may do. */
export function ContactCard({ contact }: { contact: Contact }) {
  const texted = contact.phones.find(takesTexts);
  return (
    <>
      <div className={panels.head}>
        <Face person={{ name: contact.name }} size={88} />
        <h3>{contact.name}</h3>
        <span className={styles.subtitle}>
          {[contact.title, contact.company].filter(Boolean).join(" · ")}
        </span>
        <span className={styles.scope}>{t(`contacts.scope.${contact.scope}`)}</span>
        <div className={styles.ways}>
          {contact.phones[0] && (
            <Way href={telLink(contact.phones[0])} icon={<IconPhone size={20} stroke={1.7} />}>
              {t("contacts.call")}
            </Way>
          )}
          {texted && (
            <Way href={smsLink(texted)} icon={<IconMessage2 size={20} stroke={1.7} />}>
              {t("contacts.text")}
            </Way>
          )}
          {contact.emails[0] && (
            <Way href={`mailto:${contact.emails[0]}`} icon={<IconMail size={20} stroke={1.7} />}>
              {t("contacts.mail")}
            </Way>
          )}
        </div>
      </div>
      <MarkButtons kind="contact" id={contact.id} name={contact.name} />
      <dl className={styles.facts}>
        {contact.phones.map((phone) => (
          <NumberFact key={phone.kind + phone.number} phone={phone} />
        ))}
        {contact.emails.map((email) => (
          <Fact key={email} icon={<IconMail {...ICON} />} name={t("contacts.field.email")}>
            <a href={`mailto:${email}`}>{email}</a>
          </Fact>
        ))}
        <Words icon={<IconUsersGroup {...ICON} />} name="department" text={contact.department} />
        <Words icon={<IconNote {...ICON} />} name="note" text={contact.note} />
      </dl>
      <SourceLinks contact={contact} />
    </>
  );
}

/** A round button that leaves for another program. */
function Way({ href, icon, children }: { href: string; icon: ReactNode; children: ReactNode }) {
  return (
    <a className={styles.way} href={href}>
      <span aria-hidden>{icon}</span>
      {children}
    </a>
  );
}

function NumberFact({ phone }: { phone: ContactPhone }) {
  return (
    <Fact icon={<IconPhone {...ICON} />} name={t(`contacts.phone.${phone.kind}`)}>
      <a href={telLink(phone)}>{phone.number}</a>
      {takesTexts(phone) && (
        <a className={styles.sms} href={smsLink(phone)}>
          {t("contacts.textAt")}
        </a>
      )}
    </Fact>
  );
}

function Words({ icon, name, text }: { icon: ReactNode; name: string; text: string }) {
  if (!text) return null;
  return (
    <Fact icon={icon} name={t(`contacts.field.${name}`)}>
      <span className={styles.words}>{text}</span>
    </Fact>
  );
}

function Fact({ icon, name, children }: { icon: ReactNode; name: string; children: ReactNode }) {
  return (
    <div>
      <dt>
        {icon}
        {name}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
