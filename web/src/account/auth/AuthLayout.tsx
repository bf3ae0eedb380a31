import { ActionIcon, SegmentedControl, Tooltip, useMantineColorScheme } from "@mantine/core";
import { IconMoon, IconSun } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Logo } from "../../chat/parts/Logo";
import { currentLanguage, setLanguage, t } from "../../lib/i18n";
import type { Language } from "../../lib/types";
import styles from "./auth.module.css";
import { Switchboard } from "./Switchboard";

interface Props {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}

/** The pages in front of the sign-in: the exchange on one side, one task on the other. */
export function AuthLayout({ title, lead, children }: Props) {
  return (
    <div className={styles.layout}>
      <aside className={styles.poster}>
        <Switchboard />
        <div className={styles.brand}>
          <Logo size={42} />
          <span>Växel</span>
        </div>
        <div className={styles.words}>
          <p className={styles.slogan}>{t("account.slogan")}</p>
          <p className={styles.promise}>{t("account.promise")}</p>
        </div>
      </aside>
      <div className={styles.side}>
        <div className={styles.choices}>
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
        <main className={styles.task}>
          <h1 className={styles.title}>{title}</h1>
          {lead && <p className={styles.lead}>{lead}</p>}
          {children}
        </main>
      </div>
    </div>
  );
}

function LanguageSwitch() {
  return (
    <SegmentedControl
      size="xs"
      radius="xl"
      aria-label={t("account.language")}
      value={currentLanguage()}
      onChange={(next) => void setLanguage(next as Language)}
      data={[
        { value: "sv", label: "Svenska" },
        { value: "en", label: "English" },
      ]}
    />
  );
}

function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const dark = document.documentElement.getAttribute("data-mantine-color-scheme") === "dark";
  const label = t(dark ? "account.toLight" : "account.toDark");
  return (
    <Tooltip label={label}>
      <ActionIcon
        key={colorScheme}
        variant="subtle"
        color="gray"
        size="lg"
        radius="xl"
        aria-label={label}
        onClick={() => setColorScheme(dark ? "light" : "dark")}
      >
        {dark ? <IconSun size={18} /> : <IconMoon size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}
