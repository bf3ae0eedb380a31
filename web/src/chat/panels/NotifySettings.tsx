import { Menu, SegmentedControl, UnstyledButton } from "@mantine/core";
import { IconBell, IconBellOff, IconChevronRight } from "@tabler/icons-react";
import { t } from "../../lib/i18n";
import { fullTime } from "../../lib/time";
import type { Notify, Room } from "../../lib/types";
import { setRoom } from "../actions";
import { useChat } from "../context";
import { isMuted } from "../title";
import styles from "./panels.module.css";

const HOURS = [1, 4, 8, 24];
const HOUR_MS = 3_600_000;

/** What of this room makes itself heard, and a pause from it. */
export function NotifySettings({ room }: { room: Room }) {
  const chat = useChat();
  const { settings } = room;
  const set = (changes: Partial<typeof settings>) =>
    void setRoom(chat, room.id, { ...settings, ...changes });
  const until = settings.muted_until;
  const paused = until !== null && isMuted({ ...room, settings: { ...settings, notify: "all" } });
  return (
    <section className={styles.section}>
      <h3>{t("chat.notify.title")}</h3>
      <SegmentedControl
        fullWidth
        size="sm"
        value={settings.notify}
        onChange={(value) => set({ notify: value as Notify })}
        data={(["all", "mentions", "none"] as const).map((value) => ({
          value,
          label: t(`chat.notify.${value}`),
        }))}
        aria-label={t("chat.notify.title")}
      />
      {paused ? (
        <UnstyledButton className={styles.line} onClick={() => set({ muted_until: null })}>
          <IconBell size={18} stroke={1.7} aria-hidden />
          <span>
            {t("chat.notify.unmute")}
            <small>{t("chat.notify.until", { time: fullTime(until) })}</small>
          </span>
        </UnstyledButton>
      ) : (
        <Menu width="target" position="bottom">
          <Menu.Target>
            <UnstyledButton className={styles.line}>
              <IconBellOff size={18} stroke={1.7} aria-hidden />
              <span>{t("chat.notify.mute")}</span>
              <IconChevronRight size={16} stroke={1.7} aria-hidden />
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            {HOURS.map((hours) => (
              <Menu.Item
                key={hours}
                onClick={() =>
                  set({ muted_until: new Date(Date.now() + hours * HOUR_MS).toISOString() })
                }
              >
                {t("chat.notify.hours", { count: hours })}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </section>
  );
}
