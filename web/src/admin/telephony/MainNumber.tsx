import { Button } from "@mantine/core";
import { IconBuildingSkyscraper } from "@tabler/icons-react";
import { useState } from "react";
import { t } from "../../lib/i18n";
import { EditMainNumber } from "./EditMainNumber";
import styles from "./telephony.module.css";
import type { PlanNumber } from "./types";

interface Props {
  numbers: PlanNumber[];
  onSaved(): Promise<void>;
}

/** The number that customers know, at the top where it is found. */
export function MainNumber({ numbers, onSaved }: Props) {
  const [editing, setEditing] = useState(false);
  const main = numbers.find((one) => one.kind === "main");
  return (
    <section className={styles.main} aria-label={t("telephony.kind.main")}>
      <span className={styles.mainIcon} aria-hidden>
        <IconBuildingSkyscraper size={24} stroke={1.6} />
      </span>
      <span className={styles.mainText}>
        <small>{t("telephony.kind.main")}</small>
        <b>{main?.display ?? t("telephony.mainNone")}</b>
      </span>
      <Button variant="default" onClick={() => setEditing(true)}>
        {t(main ? "telephony.mainChange" : "telephony.mainChoose")}
      </Button>
      <EditMainNumber
        opened={editing}
        main={main}
        onClose={() => setEditing(false)}
        onSaved={onSaved}
      />
    </section>
  );
}
