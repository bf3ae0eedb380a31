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

/** A kind of account, as a sign. Decorative: its name stands beside it. */
export function ProviderSign({ provider, size = 42 }: { provider: Provider; size?: number }) {
  const Icon = ICONS[provider] ?? IconCalendarShare;
  return (
    <span className={styles.sign} style={{ width: size, height: size }} aria-hidden>
      <Icon size={Math.round(size * 0.52)} stroke={1.6} />
    </span>
  );
}
