import {
  IconBrandGoogle,
  IconBrandWindows,
  IconCalendarShare,
  IconMailbox,
  IconRss,
  type TablerIcon,
} from "@tabler/icons-react";
import styles from "./calendars.module.css";
import type { Provider } from "./types";

const ICONS: Record<Provider, TablerIcon> = {
  microsoft: IconBrandWindows,
  google: IconBrandGoogle,
  caldav: IconCalendarShare,
  ics: IconRss,
  exchange: IconMailbox,
};

/** The icon of a kind of account alone. */
export function ProviderIcon({ provider, size }: { provider: Provider; size: number }) {
  const Icon = ICONS[provider] ?? IconCalendarShare;
  return <Icon size={size} stroke={1.7} aria-hidden />;
}

/** A kind of account, as a sign. Decorative: its name stands beside it. */
export function ProviderSign({ provider, size = 42 }: { provider: Provider; size?: number }) {
  return (
    <span className={styles.sign} style={{ width: size, height: size }} aria-hidden>
      <ProviderIcon provider={provider} size={Math.round(size * 0.52)} />
    </span>
  );
}
