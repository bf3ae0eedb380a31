import { IconAddressBook, IconExternalLink } from "@tabler/icons-react";
import { ProviderIcon } from "../calendars/providers";
import type { Provider } from "../calendars/types";
import { t } from "../lib/i18n";
import styles from "./contacts.module.css";
import { isEditable, outside } from "./sources";
import type { Contact } from "./types";

/** In a list: a small sign of where a contact comes from. */
export function SourceMarks({ contact }: { contact: Contact }) {
  const providers = [...new Set(outside(contact).map(({ provider }) => provider))];
  return providers.map((provider) => (
    <span key={provider} className={styles.sourceMark} title={t(`calendars.source.${provider}`)}>
      <SourceIcon provider={provider} size={14} />
      <span className="visually-hidden">{t(`calendars.source.${provider}`)}</span>
    </span>
  ));
}

/** On the card: where it comes from, and the way there. */
export function SourceLinks({ contact }: { contact: Contact }) {
  const sources = outside(contact);
  if (sources.length === 0) return null;
  const key = isEditable(contact) ? "also" : "readOnly";
  return (
    <ul className={styles.sources}>
      {sources.map(({ provider, link }) => {
        const name = t(`calendars.source.${provider}`);
        return (
          <li key={`${provider} ${link}`}>
            <span className={styles.sourceSign} aria-hidden>
              <SourceIcon provider={provider} size={18} />
            </span>
            <span>
              {t(`calendars.source.${key}`, { provider: name })}
              {link && (
                <a href={link} target="_blank" rel="noreferrer">
                  {t("calendars.source.edit", { provider: name })}
                  <IconExternalLink size={14} aria-hidden />
                </a>
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** CalDAV's sign is a calendar; its people come from an address book. */
function SourceIcon({ provider, size }: { provider: string; size: number }) {
  if (provider === "caldav") return <IconAddressBook size={size} stroke={1.7} aria-hidden />;
  return <ProviderIcon provider={provider as Provider} size={size} />;
}
