import styles from "./activities.module.css";
import { AVAILABLE, timeText } from "./activity";
import { iconOf, toneOf } from "./looks";
import type { ShownStatus } from "./useStatus";

interface Props {
  status: ShownStatus;
  /** In a list the words are cut off where they do not fit; in a card they wrap. */
  large?: boolean;
}

/** An activity with its time, in its colour: "Lunch · åter 13:00". */
export function Pill({ status, large = false }: Props) {
  const Icon = iconOf(status.icon);
  const time = status.id === AVAILABLE ? "" : timeText(status, Date.now());
  return (
    <span className={styles.pill} data-tone={toneOf(status.colour)} data-large={large || undefined}>
      <Icon size={large ? 18 : 15} stroke={1.9} aria-hidden />
      <span className={styles.pillWords}>
        <b>{status.label}</b>
        {time && <span> {time}</span>}
      </span>
    </span>
  );
}
