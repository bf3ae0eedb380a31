import { Button, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { t } from "../../lib/i18n";
import styles from "./bots.module.css";

/** Text to take along, with a button that says when it has been copied. */
export function Copyable({ label, text }: { label: string; text: string }) {
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        {label}
        <CopyButton value={text} timeout={2500}>
          {({ copied, copy }) => (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
              aria-label={t("admin.copyNamed", { label })}
              onClick={copy}
            >
              <span aria-live="polite">{t(copied ? "admin.copied" : "admin.copy")}</span>
            </Button>
          )}
        </CopyButton>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll sideways, by keyboard too */}
      <pre className={styles.code} tabIndex={0}>
        {text}
      </pre>
    </figure>
  );
}
