import { TextInput } from "@mantine/core";
import { t } from "../lib/i18n";
import styles from "./activities.module.css";
import { dateField } from "./when";

interface Props {
  date: string;
  time: string;
  error?: boolean;
  autoFocus?: boolean;
  onChange(date: string, time: string): void;
}

/** A day and a time of day, with the pickers of the browser. */
export function DateTime({ date, time, error = false, autoFocus = false, onChange }: Props) {
  return (
    <div className={styles.dateTime}>
      <TextInput
        type="date"
        aria-label={t("activities.date")}
        min={dateField(Date.now())}
        value={date}
        error={error}
        data-autofocus={autoFocus || undefined}
        onChange={(event) => onChange(event.currentTarget.value, time)}
      />
      <TextInput
        type="time"
        aria-label={t("activities.time")}
        value={time}
        error={error}
        onChange={(event) => onChange(date, event.currentTarget.value)}
      />
    </div>
  );
}
