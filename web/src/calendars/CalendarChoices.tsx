import { Checkbox, Stack } from "@mantine/core";
import { useWish } from "../account/parts/useWish";
import { t } from "../lib/i18n";
import styles from "./calendars.module.css";
import type { CalendarConnection } from "./types";

interface Props {
  connection: CalendarConnection;
  onChange(ids: string[]): Promise<boolean>;
}

/** Which of an account's calendars close the telephone. */
export function CalendarChoices({ connection, onChange }: Props) {
  const told = connection.calendars.filter(({ counts }) => counts).map(({ id }) => id);
  const [chosen, choose] = useWish(told, onChange);
  if (connection.calendars.length === 0) return null;
  return (
    <Checkbox.Group
      className={styles.choices}
      label={t("calendars.counting")}
      description={t("calendars.countingHint")}
      value={chosen}
      onChange={(ids) => void choose(ids)}
    >
      <Stack gap={10} mt={10}>
        {connection.calendars.map((one) => (
          <Checkbox
            key={one.id}
            value={one.id}
            label={
              <span className={styles.choice}>
                <span
                  className={styles.colour}
                  style={one.colour ? { background: one.colour } : undefined}
                  aria-hidden
                />
                <span>
                  {one.name}
                  <small>{notes(one.primary, one.own, one.busy_only)}</small>
                </span>
              </span>
            }
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

function notes(primary: boolean, own: boolean, busyOnly: boolean): string {
  const found = [
    primary && t("calendars.primary"),
    !own && t("calendars.shared"),
    busyOnly && t("calendars.busyOnly"),
  ];
  return found.filter(Boolean).join(" · ");
}
