import { IconPhoneCall, IconPhoneIncoming, IconPhonePause } from "@tabler/icons-react";
import { t } from "../lib/i18n";
import type { Line } from "../lib/types";
import styles from "./activities.module.css";

const LOOKS = {
  ringing: { Icon: IconPhoneIncoming, tone: "teal" },
  in_call: { Icon: IconPhoneCall, tone: "red" },
  on_hold: { Icon: IconPhonePause, tone: "yellow" },
} as const;

/** What the telephone does, when it does anything. */
export function LineSign({ line }: { line: Line | null }) {
  if (line === null || line === "idle") return null;
  const { Icon, tone } = LOOKS[line];
  return (
    <span className={styles.line} data-tone={tone} data-line={line}>
      <Icon size={15} stroke={1.9} aria-hidden />
      {t(`activities.line.${line}`)}
    </span>
  );
}
