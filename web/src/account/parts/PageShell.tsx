import { Menu, UnstyledButton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import {
  IconLogout,
  IconMessages,
  IconSettings,
  IconUserCircle,
  type TablerIcon,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link, useRoute } from "wouter";
import { ActivityButton } from "../../activities/ActivityButton";
import { Logo } from "../../chat/parts/Logo";
import { sentence } from "../../lib/api";
import { t } from "../../lib/i18n";
import { signOut, useMe } from "../../lib/session";
import { Face } from "./Face";
import styles from "./page.module.css";

/** The frame of the pages beside the chat: where you are, where you can go, and out. */
export function PageShell({ title, children }: { title: string; children: ReactNode }) {
  const me = useMe();
  const narrow = useMediaQuery("(max-width: 760px)", false, { getInitialValueInEffect: false });
  const mayAdmin = me.can.includes("admin") || me.can.includes("operator");
  return (
    <div className={styles.shell}>
      <a href="#main" className={styles.skip}>
        {t("account.skip")}
      </a>
      <header className={styles.bar}>
        <Link href="/" className={styles.brand} aria-label={t("account.toChat")}>
          <Logo size={32} />
          <span className={styles.name}>Växel</span>
        </Link>
        <nav className={styles.nav} aria-label={t("account.mainNavigation")}>
          <Place href="/" exact icon={IconMessages} label={t("account.chat")} />
          <Place href="/profile" icon={IconUserCircle} label={t("account.profile")} />
          {mayAdmin && <Place href="/admin" icon={IconSettings} label={t("account.admin")} />}
        </nav>
        <ActivityButton place="bar" narrow={narrow} />
        <MyMenu />
      </header>
      <main className={styles.main} id="main" tabIndex={-1}>
        <h1 className={styles.title}>{title}</h1>
        {children}
      </main>
    </div>
  );
}

interface PlaceProps {
  href: string;
  exact?: boolean;
  icon: TablerIcon;
  label: string;
}

function Place({ href, exact = false, icon: Icon, label }: PlaceProps) {
  const [here] = useRoute(exact ? href : `${href}/*?`);
  return (
    <Link href={href} className={styles.place} aria-current={here ? "page" : undefined}>
      <Icon size={19} stroke={1.8} aria-hidden />
      <span className={styles.placeLabel}>{label}</span>
    </Link>
  );
}

function MyMenu() {
  const me = useMe();
  const leave = async () => {
    try {
      await signOut();
    } catch (error) {
      notifications.show({ message: sentence(error), color: "falu" });
    }
  };
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton className={styles.me} aria-label={t("account.myMenu", { name: me.name })}>
          <Face person={me} size={32} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.name}
          <br />
          {me.email}
        </Menu.Label>
        <Menu.Item component={Link} href="/profile" leftSection={<IconUserCircle size={17} />}>
          {t("account.profile")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={17} />} onClick={() => void leave()}>
          {t("account.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
