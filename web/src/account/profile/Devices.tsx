import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDeviceLaptop, IconDeviceMobile } from "@tabler/icons-react";
import { useState } from "react";
import { api, sentence } from "../../lib/api";
import { t } from "../../lib/i18n";
import { forget, signOut } from "../../lib/session";
import type { SessionRow } from "../../lib/types";
import { Confirm } from "../parts/Confirm";
import { Loading } from "../parts/Loading";
import { Actions } from "../parts/Pair";
import { Section } from "../parts/Section";
import type { Loaded } from "../parts/useLoad";
import { ago, day } from "../parts/when";
import { isMobile } from "./device";
import styles from "./profile.module.css";

export interface Sessions {
  sessions: SessionRow[];
}

/** Where I am signed in, and the way out: one device, or all of them. */
export function Devices({ from }: { from: Loaded<Sessions> }) {
  const [everywhere, setEverywhere] = useState(false);

  const end = async (row: SessionRow) => {
    // Shown as gone at once; it comes back if the server refuses.
    from.change(({ sessions }) => ({ sessions: sessions.filter(({ id }) => id !== row.id) }));
    try {
      if (row.current) await signOut();
      else await api.delete(`/api/sessions/${row.id}`);
    } catch (error) {
      notifications.show({ message: sentence(error), color: "falu" });
      await from.reload();
    }
  };
  const endAll = async () => {
    await api.delete("/api/sessions");
    await forget();
  };

  return (
    <Section id="devices" title={t("account.devices")} lead={t("account.devicesLead")}>
      <Loading from={from} rows={2} height={64}>
        {({ sessions }) => (
          <ul className={styles.devices}>
            {sessions.map((row) => (
              <DeviceRow key={row.id} row={row} onEnd={() => void end(row)} />
            ))}
          </ul>
        )}
      </Loading>
      <Actions>
        <Button variant="outline" color="falu" onClick={() => setEverywhere(true)}>
          {t("account.signOutAll")}
        </Button>
      </Actions>
      <Confirm
        opened={everywhere}
        title={t("account.signOutAllTitle")}
        deed={t("account.signOutAll")}
        onClose={() => setEverywhere(false)}
        onConfirm={endAll}
      >
        {t("account.signOutAllText")}
      </Confirm>
    </Section>
  );
}

function DeviceRow({ row, onEnd }: { row: SessionRow; onEnd: () => void }) {
  const label = row.device || t("account.deviceUnknown");
  const Icon = isMobile(row.device) ? IconDeviceMobile : IconDeviceLaptop;
  return (
    <li className={styles.device}>
      <span className={styles.deviceIcon} data-current={row.current || undefined} aria-hidden>
        <Icon size={22} stroke={1.6} />
      </span>
      <div className={styles.deviceText}>
        <p className={styles.deviceName}>
          {label}
          {row.current && <span className={styles.here}>{t("account.deviceThis")}</span>}
        </p>
        <p className={styles.deviceFacts}>
          {row.current
            ? t("account.deviceNow")
            : t("account.deviceSeen", { when: ago(row.last_seen_at) })}
          {" · "}
          {t("account.deviceSince", { day: day(row.created_at) })}
          {row.ip && ` · ${row.ip}`}
        </p>
      </div>
      <Button
        variant="default"
        size="xs"
        aria-label={t("account.deviceSignOut", { device: label })}
        onClick={onEnd}
      >
        {t("account.signOut")}
      </Button>
    </li>
  );
}
