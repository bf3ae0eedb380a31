import { Kbd, Modal, Text } from "@mantine/core";
import { Fragment, useEffect } from "react";
import { Store } from "../engine/store";
import { t } from "../lib/i18n";
import { useStoreValue } from "./context";
import styles from "./ShortcutHelp.module.css";

const opened = new Store(false);

const KEYS: [string, string[]][] = [
  ["palette", ["ctrl", "K"]],
  ["activity", ["ctrl", "shift", "L"]],
  ["search", ["ctrl", "shift", "F"]],
  ["new", ["ctrl", "shift", "N"]],
  ["next", ["alt", "↓"]],
  ["previous", ["alt", "↑"]],
  ["help", ["?"]],
];

export function openShortcutHelp(): void {
  opened.set(true);
}

/** The keys that work everywhere; "?" shows them when one is not writing. */
export function ShortcutHelp() {
  const shown = useStoreValue(opened);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== "?" || event.ctrlKey || event.metaKey || writes(event.target)) return;
      event.preventDefault();
      openShortcutHelp();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
  return (
    <Modal opened={shown} onClose={() => opened.set(false)} title={t("activities.keys.title")}>
      <dl className={styles.keys}>
        {KEYS.map(([what, keys]) => (
          <div key={what}>
            <dt>{t(`activities.keys.${what}`)}</dt>
            <dd>
              {keys.map((key) => (
                <Fragment key={key}>
                  <Kbd>{key.length > 1 ? t(`activities.keys.${key}`) : key}</Kbd>{" "}
                </Fragment>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <Text fz="sm" c="var(--ink-2)" mt="md">
        {t("activities.keys.wish")}
      </Text>
    </Modal>
  );
}

function writes(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
