import { ActionIcon, Switch, TextInput, Tooltip } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { t } from "../../lib/i18n";
import type { Weekday } from "../../lib/types";
import { faults, MOST_SPANS, onBar, parseTime, type Span, withMore } from "./hours";
import styles from "./profile.module.css";

interface Props {
  day: Weekday;
  spans: Span[];
  onChange: (spans: Span[]) => void;
}

/** One weekday: working or not, from when to when, with a break if there is one. */
export function DayRow({ day, spans, onChange }: Props) {
  const name = t(`account.day.${day}`);
  const wrong = faults(spans);
  const fault = wrong.find(Boolean);
  const put = (index: number, end: 0 | 1, time: string) =>
    onChange(
      spans.map((span, at) => {
        if (at !== index) return span;
        return end === 0 ? [time, span[1]] : [span[0], time];
      }),
    );

  return (
    <li className={styles.day} data-free={spans.length === 0 || undefined}>
      <Switch
        className={styles.dayName}
        label={name}
        checked={spans.length > 0}
        onChange={(event) => onChange(event.currentTarget.checked ? withMore([]) : [])}
      />
      <div className={styles.spans}>
        {spans.length === 0 && <span className={styles.free}>{t("account.dayFree")}</span>}
        {spans.map((span, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a span being edited has no other identity
          <div className={styles.span} key={index}>
            <Time
              label={t("account.hoursFrom", { day: name })}
              value={span[0]}
              wrong={Boolean(wrong[index])}
              onChange={(time) => put(index, 0, time)}
            />
            <span aria-hidden>–</span>
            <Time
              label={t("account.hoursTo", { day: name })}
              value={span[1]}
              wrong={Boolean(wrong[index])}
              onChange={(time) => put(index, 1, time)}
            />
            {spans.length > 1 && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size={32}
                aria-label={t("account.hoursRemove", { day: name, from: span[0], to: span[1] })}
                onClick={() => onChange(spans.filter((_, at) => at !== index))}
              >
                <IconX size={16} />
              </ActionIcon>
            )}
          </div>
        ))}
        {spans.length > 0 && spans.length < MOST_SPANS && (
          <Tooltip label={t("account.hoursMoreHint")}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={32}
              aria-label={t("account.hoursMore", { day: name })}
              onClick={() => onChange(withMore(spans))}
            >
              <IconPlus size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      <Bar spans={spans} />
      {fault && (
        <p className={styles.fault} role="alert">
          {t(`account.hoursFault.${fault}`)}
        </p>
      )}
    </li>
  );
}

function Bar({ spans }: { spans: Span[] }) {
  return (
    <div className={styles.barOfDay} aria-hidden>
      {spans.map((span) => {
        const { left, width } = onBar(span);
        return (
          <span
            key={span.join()}
            style={{ left: `${left}%`, width: `${width}%` }}
            className={styles.work}
          />
        );
      })}
    </div>
  );
}

interface TimeProps {
  label: string;
  value: string;
  wrong: boolean;
  onChange: (time: string) => void;
}

/** A time written as one likes; tidied when the field is left. */
function Time({ label, value, wrong, onChange }: TimeProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const leave = () => {
    const time = parseTime(text) ?? text.trim();
    setText(time);
    if (time !== value) onChange(time);
  };
  return (
    <TextInput
      className={styles.time}
      aria-label={label}
      inputMode="numeric"
      autoComplete="off"
      maxLength={5}
      error={wrong}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === "Enter") leave();
      }}
    />
  );
}
