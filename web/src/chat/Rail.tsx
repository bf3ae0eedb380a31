import { Menu, Tooltip, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import {
  IconAddressBook,
  IconBell,
  IconBellOff,
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMessages,
  IconMoon,
  IconSearch,
  IconSettings,
  IconSun,
  IconUserCircle,
  IconUsers,
} from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { Link, useLocation } from "wouter";
import { ActivityButton } from "../activities/ActivityButton";
import { t } from "../lib/i18n";
import { signOut } from "../lib/session";
import { attempt } from "./actions";
import { alertChoice, turnAlertsOff, turnAlertsOn } from "./alerts";
import { useChatState, useMyself } from "./context";
import { Avatar } from "./parts/Avatar";
import { Logo } from "./parts/Logo";
import styles from "./Rail.module.css";
import { openShortcutHelp, ShortcutHelp } from "./ShortcutHelp";
import { totalAttention } from "./title";

/** The way between the parts of the product: at the left, or at the bottom of a phone. */
export function Rail({ narrow }: { narrow: boolean }) {
  const me = useMyself();
  const [path] = useLocation();
  const unread = useChatState(totalAttention);
  const chats = me.can.includes("chat");
  const admin = me.can.includes("admin") || me.can.includes("operator");
  const inChat = path === "/" || path.startsWith("/room/");
  return (
    <nav
      className={styles.rail}
      aria-label={t("chat.rail.label")}
      data-night={narrow ? undefined : true}
    >
      <span className={styles.logo}>
        <Logo size={36} />
      </span>
      <Place
        href="/"
        label={t("chat.rail.chats")}
        here={inChat}
        badge={unread}
        icon={<IconMessages stroke={1.6} />}
      />
      {chats && (
        <Place
          href="/search"
          label={t("chat.rail.search")}
          here={path === "/search"}
          icon={<IconSearch stroke={1.6} />}
        />
      )}
      <Place
        href="/people"
        label={t("chat.rail.people")}
        here={path === "/people"}
        icon={<IconUsers stroke={1.6} />}
      />
      <Place
        href="/contacts"
        label={t("contacts.title")}
        here={path.startsWith("/contacts")}
        icon={<IconAddressBook stroke={1.6} />}
      />
      <span className={styles.gap} />
      {admin && !narrow && (
        <Place
          href="/admin"
          label={t("chat.rail.admin")}
          here={false}
          icon={<IconSettings stroke={1.6} />}
        />
      )}
      <ActivityButton place={narrow ? "tab" : "rail"} narrow={narrow} />
      <MyMenu narrow={narrow} admin={admin} />
      <ShortcutHelp />
    </nav>
  );
}

interface PlaceProps {
  href: string;
  label: string;
  here: boolean;
  icon: ReactNode;
  badge?: number;
}

function Place({ href, label, here, icon, badge = 0 }: PlaceProps) {
  return (
    <Tooltip label={label} position="right">
      <Link
        href={href}
        className={styles.place}
        aria-current={here ? "page" : undefined}
        aria-label={badge > 0 ? `${label}, ${t("chat.unread", { count: badge })}` : label}
      >
        {icon}
        <span className={styles.word}>{label}</span>
        {badge > 0 && <span className={styles.badge}>{badge > 99 ? "99+" : badge}</span>}
      </Link>
    </Tooltip>
  );
}

function MyMenu({ narrow, admin }: { narrow: boolean; admin: boolean }) {
  const me = useMyself();
  const person = useChatState((state) => (state.me ? state.people[state.me.id] : undefined));
  const [, navigate] = useLocation();
  return (
    <Menu
      position={narrow ? "top-end" : "right-end"}
      width={250}
      offset={10}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <UnstyledButton className={styles.me} aria-label={t("chat.rail.me", { name: me.name })}>
          <Avatar person={person ?? me} size={narrow ? 28 : 38} presence />
          <span className={styles.word}>{t("chat.rail.you")}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.name}
          <br />
          {me.email}
        </Menu.Label>
        <Menu.Item
          leftSection={<IconUserCircle size={18} stroke={1.7} />}
          onClick={() => navigate("/profile")}
        >
          {t("chat.rail.profile")}
        </Menu.Item>
        {admin && (
          <Menu.Item
            leftSection={<IconSettings size={18} stroke={1.7} />}
            onClick={() => navigate("/admin")}
          >
            {t("chat.rail.admin")}
          </Menu.Item>
        )}
        <AlertItem />
        {!narrow && (
          <Menu.Item
            leftSection={<IconKeyboard size={18} stroke={1.7} />}
            onClick={openShortcutHelp}
          >
            {t("activities.keys.open")}
          </Menu.Item>
        )}
        <Menu.Divider />
        <SchemeItems />
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={18} stroke={1.7} />}
          onClick={() => void attempt(signOut)}
        >
          {t("chat.rail.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function AlertItem() {
  const [choice, setChoice] = useState(alertChoice);
  if (choice === "impossible") return null;
  const on = choice === "on";
  const toggle = async () => {
    if (on) turnAlertsOff();
    else await turnAlertsOn();
    setChoice(alertChoice());
  };
  return (
    <Menu.Item
      leftSection={
        on ? <IconBellOff size={18} stroke={1.7} /> : <IconBell size={18} stroke={1.7} />
      }
      onClick={() => void toggle()}
    >
      {t(on ? "chat.alerts.turnOff" : "chat.alerts.turnOn")}
    </Menu.Item>
  );
}

const SCHEMES = [
  { value: "light", icon: IconSun },
  { value: "dark", icon: IconMoon },
  { value: "auto", icon: IconDeviceDesktop },
] as const;

function SchemeItems() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <div className={styles.schemes} role="group" aria-label={t("chat.scheme.label")}>
      {SCHEMES.map(({ value, icon: Icon }) => (
        <UnstyledButton
          key={value}
          className={styles.scheme}
          role="menuitemradio"
          aria-checked={colorScheme === value}
          onClick={() => setColorScheme(value)}
        >
          <Icon size={17} stroke={1.7} aria-hidden />
          {t(`chat.scheme.${value}`)}
        </UnstyledButton>
      ))}
    </div>
  );
}
