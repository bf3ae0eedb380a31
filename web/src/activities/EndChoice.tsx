import { UnstyledButton } from "@mantine/core";
import { t } from "../lib/i18n";
import { clock } from "../lib/time";
import styles from "./activities.module.css";
import { DateTime } from "./DateTime";
import { duration, type End, USUAL, type Work } from "./ends";
import { dateField, endOfWork } from "./when";

const LENGTHS = [30, 60];

interface Props {
  end: End;
  work: Work | null;
  onChange(end: End): void;
}

/** When it ends: as usual, after a while, with the day's work, or at a chosen moment. */
export function EndChoice({ end, work, onChange }: Props) {
  const finish = work && endOfWork(work.hours, work.zone, Date.now());
  const choices: [End, string][] = [
    [USUAL, t("activities.ends.usual")],
    ...LENGTHS.map((minutes): [End, string] => [{ kind: "minutes", minutes }, duration(minutes)]),
  ];
  if (finish) {
    const time = clock(new Date(finish).toISOString());
    choices.push([{ kind: "work" }, t("activities.ends.workAt", { time })]);
  }
  choices.push([nextHour(), t("activities.ends.at")]);
  return (
    <div className={styles.ends}>
      <div className={styles.chips} role="group" aria-label={t("activities.ends")}>
        {choices.map(([choice, label]) => (
          <UnstyledButton
            key={label}
            className={styles.chip}
            aria-pressed={same(choice, end)}
            onClick={() => onChange(choice)}
          >
            {label}
          </UnstyledButton>
        ))}
      </div>
      {end.kind === "at" && (
        <DateTime
          date={end.date}
          time={end.time}
          onChange={(date, time) => onChange({ kind: "at", date, time })}
        />
      )}
    </div>
  );
}

function same(one: End, other: End): boolean {
  if (one.kind === "minutes" && other.kind === "minutes") return one.minutes === other.minutes;
  return one.kind === other.kind;
}

/** Today at the next full hour: most ends are soon. */
function nextHour(): End {
  const date = new Date(Date.now() + 3_600_000);
  const time = `${String(date.getHours()).padStart(2, "0")}:00`;
  return { kind: "at", date: dateField(date.getTime()), time };
}
