import { Drawer, Popover, Tooltip, UnstyledButton } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useEffect } from "react";
import { useDeciding, useSoon } from "../calendars/useMeetings";
import { useWorry, WorrySign } from "../calendars/Worry";
import { attempt } from "../chat/actions";
import { useChat, useChatState, useMyself, useStoreValue } from "../chat/context";
import { t } from "../lib/i18n";
import { clock } from "../lib/time";
import styles from "./activities.module.css";
import { AVAILABLE, shortUntil } from "./activity";
import { ChoosePanel } from "./ChoosePanel";
import { backToAvailable } from "./choose";
import { iconOf, toneOf } from "./looks";
import { closeQuickMenu, openQuickMenu, quickMenu } from "./open";
import { useStatus } from "./useStatus";

/** Where it stands: in the rail, among a phone's tabs, in the bar of a page, in the head of a room. */
type Place = "rail" | "tab" | "bar" | "room";

const POSITIONS = { rail: "right-end", tab: "top", bar: "bottom-end", room: "bottom-end" } as const;

/**
 * My activity as a coloured button, always at hand; opens the menu to choose another.
 *
 * One on the page is the host of the menu. The one in a room's head only opens it.
 */
export function ActivityButton({ place, narrow = false }: { place: Place; narrow?: boolean }) {
  const me = useMyself();
  const person = useChatState((state) => (state.me ? state.people[state.me.id] : undefined)) ?? me;
  const menu = useStoreValue(quickMenu);
  const host = place !== "room";
  useQuickKey(host);
  if (!me.can.includes("activities")) return null;
  const opened = menu !== null && host;
  const panel = menu && <ChoosePanel person={person} ask={menu.ask} onDone={closeQuickMenu} />;
  const button = <Face place={place} opened={opened} />;
  if (!host) return button;
  if (narrow) {
    return (
      <>
        {button}
        <Drawer
          opened={opened}
          onClose={closeQuickMenu}
          position="bottom"
          size="auto"
          title={t("activities.mine")}
          classNames={{ content: styles.sheet ?? "", header: styles.sheetHead ?? "" }}
        >
          {panel}
        </Drawer>
      </>
    );
  }
  return (
    <>
      <Popover
        opened={opened}
        onChange={(open) => !open && closeQuickMenu()}
        position={POSITIONS[place]}
        offset={12}
        trapFocus
        returnFocus
        width={404}
        radius="lg"
        transitionProps={{ transition: "pop", duration: 120 }}
      >
        <Popover.Target>{button}</Popover.Target>
        <Popover.Dropdown aria-label={t("activities.mine")} p={0}>
          {panel}
        </Popover.Dropdown>
      </Popover>
      {place === "rail" && <BackButton />}
    </>
  );
}

/** One click from whatever it is to Available. */
function BackButton() {
  const chat = useChat();
  const activity = useChatState((state) => state.me?.presence.activity);
  if (!activity || activity === AVAILABLE) return null;
  return (
    <Tooltip label={t("activities.toAvailable")} position="right">
      <UnstyledButton
        className={styles.backButton}
        aria-label={t("activities.toAvailable")}
        onClick={() => void attempt(() => backToAvailable(chat))}
      >
        <IconCheck size={14} stroke={2.4} aria-hidden />
        {t("activities.toAvailableRail")}
      </UnstyledButton>
    </Tooltip>
  );
}

interface FaceProps {
  place: Place;
  opened: boolean;
  ref?: React.Ref<HTMLButtonElement>;
}

function Face({ place, opened, ref, ...others }: FaceProps) {
  const me = useMyself();
  const person = useChatState((state) => (state.me ? state.people[state.me.id] : undefined)) ?? me;
  const status = useStatus(person);
  const worry = useWorry();
  const soon = useSoon();
  const deciding = useDeciding();
  if (!status) return null;
  const Icon = iconOf(status.icon);
  const free = status.id === AVAILABLE;
  const now = free ? status.label : status.text;
  const from = deciding ? `${now}, ${t("calendars.menu.from")}` : now;
  const said = worry ? `${from}. ${t(`calendars.menu.${worry}`)}` : from;
  // While nothing closes the phone there is room for what is about to.
  const coming = soon ? t("calendars.menu.soonShort", { time: clock(soon.start) }) : "";
  const until = free ? coming : shortUntil(status, Date.now());
  return (
    <>
      <Tooltip
        label={`${t("activities.mineNow", { status: said })} (${t("activities.shortcut")})`}
        position={place === "rail" ? "right" : "bottom"}
        disabled={opened}
      >
        <UnstyledButton
          ref={ref}
          {...others}
          className={styles.mine}
          data-place={place}
          data-tone={toneOf(status.colour)}
          data-open={opened || undefined}
          onClick={() => (opened ? closeQuickMenu() : openQuickMenu())}
          aria-label={t("activities.mineNow", { status: said })}
          aria-haspopup="dialog"
          aria-expanded={opened}
        >
          <span className={styles.mineSign}>
            <Icon size={place === "tab" ? 19 : 20} stroke={1.8} aria-hidden />
            {worry && (
              <span className={styles.worry}>
                <WorrySign size={11} />
              </span>
            )}
          </span>
          {place !== "room" && (
            <span className={styles.mineWords}>
              {/* Among a phone's tabs there is room for one word: the time, when there is one. */}
              {(place !== "tab" || !until) && <span>{status.label}</span>}
              {until && (
                <span className={styles.mineTime} data-coming={free || undefined}>
                  {until}
                </span>
              )}
            </span>
          )}
        </UnstyledButton>
      </Tooltip>
      {place !== "room" && (
        <span className="visually-hidden" role="status">
          {t("activities.mineNow", { status: said })}
        </span>
      )}
    </>
  );
}

/** Ctrl-Shift-L opens and closes the menu from anywhere. */
function useQuickKey(host: boolean): void {
  useEffect(() => {
    if (!host) return;
    const pressed = (event: KeyboardEvent) => {
      const command = event.ctrlKey || event.metaKey;
      if (!command || !event.shiftKey || event.key.toLowerCase() !== "l") return;
      event.preventDefault();
      if (quickMenu.get()) closeQuickMenu();
      else openQuickMenu();
    };
    window.addEventListener("keydown", pressed);
    return () => {
      window.removeEventListener("keydown", pressed);
      closeQuickMenu();
    };
  }, [host]);
}
