import { t } from "../lib/i18n";
import { PageShell } from "./parts/PageShell";
import { useLoad } from "./parts/useLoad";
import { useTitle } from "./parts/useTitle";
import { About } from "./profile/About";
import { Calendars } from "./profile/Calendars";
import { Callers } from "./profile/Callers";
import { CallRules } from "./profile/CallRules";
import { Delegates } from "./profile/Delegates";
import { Devices, type Sessions } from "./profile/Devices";
import { Hours } from "./profile/Hours";
import { MyActivities } from "./profile/MyActivities";
import { Note } from "./profile/Note";
import { Password } from "./profile/Password";
import styles from "./profile/profile.module.css";
import { Region } from "./profile/Region";
import { useReading } from "./profile/useReading";

const SECTIONS = [
  "about",
  "note",
  "activities",
  "calendars",
  "callers",
  "calls",
  "hours",
  "delegates",
  "region",
  "password",
  "devices",
] as const;

/** My own settings, all on one page. */
export default function Profile() {
  const sessions = useLoad<Sessions>("/api/sessions");
  const here = useReading(SECTIONS);
  useTitle(t("account.profile"));
  return (
    <PageShell title={t("account.profile")}>
      <div className={styles.page}>
        <nav className={styles.contents} aria-label={t("account.contents")}>
          {SECTIONS.map((id) => (
            <a key={id} href={`#${id}`} aria-current={id === here ? "true" : undefined}>
              {t(`account.${id}`)}
            </a>
          ))}
        </nav>
        <div className={styles.sections}>
          <About />
          <Note />
          <MyActivities />
          <Calendars />
          <Callers />
          <CallRules />
          <Hours />
          <Delegates />
          <Region />
          <Password onChanged={() => void sessions.reload()} />
          <Devices from={sessions} />
        </div>
      </div>
    </PageShell>
  );
}
