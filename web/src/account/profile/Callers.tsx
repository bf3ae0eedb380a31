import { IconPhoneCheck } from "@tabler/icons-react";
import { Heard } from "../../activities/Heard";
import { useAnnouncement } from "../../activities/useAnnouncement";
import { back } from "../../activities/when";
import { t } from "../../lib/i18n";
import { useMe } from "../../lib/session";
import { Loading } from "../parts/Loading";
import { Section } from "../parts/Section";
import styles from "./profile.module.css";
import { RecordedName } from "./RecordedName";

/** What my callers hear just now, and my name in my own voice. */
export function Callers() {
  const me = useMe();
  const announcement = useAnnouncement("/api/me/announcement", me.presence);
  return (
    <Section id="callers" title={t("account.callers")} lead={t("account.callersLead")}>
      <div aria-live="polite">
        <Loading from={announcement} rows={1} height={64}>
          {(heard) =>
            heard.closed && heard.text ? (
              <>
                <Heard announcement={heard} />
                {heard.next_free && (
                  <p className={styles.nextFree}>
                    {t("people.free")} <b>{back(heard.next_free, Date.now())}</b>
                  </p>
                )}
              </>
            ) : (
              <p className={styles.open}>
                <IconPhoneCheck size={20} stroke={1.7} aria-hidden />
                {t("account.callersOpen")}
              </p>
            )
          }
        </Loading>
      </div>
      <RecordedName onChanged={() => void announcement.reload()} />
    </Section>
  );
}
