import { Button } from "@mantine/core";
import { useState } from "react";
import { t } from "../lib/i18n";
import { alertChoice, turnAlertsOff, turnAlertsOn } from "./alerts";
import styles from "./Sidebar.module.css";

/** Offers desktop notifications once; the browser's own question only comes after a click. */
export function AlertOffer() {
  const [choice, setChoice] = useState(alertChoice);
  if (choice !== "unasked") return null;
  const answer = async (yes: boolean) => {
    if (yes) await turnAlertsOn();
    else turnAlertsOff();
    setChoice(alertChoice());
  };
  return (
    <section className={styles.offer} aria-label={t("chat.alerts.turnOn")}>
      <p>{t("chat.alerts.offer")}</p>
      <div className={styles.offerButtons}>
        <Button size="compact-sm" onClick={() => void answer(true)}>
          {t("chat.alerts.yes")}
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => void answer(false)}>
          {t("chat.alerts.notNow")}
        </Button>
      </div>
    </section>
  );
}
