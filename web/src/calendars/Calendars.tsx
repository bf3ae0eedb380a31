import { IconArrowLeft } from "@tabler/icons-react";
import { useEffect } from "react";
import { Link } from "wouter";
import { PageShell } from "../account/parts/PageShell";
import { useTitle } from "../account/parts/useTitle";
import profile from "../account/profile/profile.module.css";
import { useReading } from "../account/profile/useReading";
import { useChatState } from "../chat/context";
import { t } from "../lib/i18n";
import { useMe } from "../lib/session";
import { ConnectionList } from "./ConnectionList";
import styles from "./calendars.module.css";
import { loadCalendar, loadConnections, useMine } from "./mine";
import { PlanNote } from "./PlanNote";
import { Policy } from "./Policy";
import { mayHaveCalendars } from "./right";
import { useOutcome } from "./useOutcome";
import { Why } from "./Why";

const SECTIONS = ["connections", "why", "policy"] as const;

/** My calendars: which accounts, what they decide and why, and what others may know. */
export default function Calendars() {
  const me = useMe();
  const { connections } = useMine();
  const { outcome } = useOutcome();
  const able = mayHaveCalendars(me);
  const some = (connections ?? []).length > 0;
  const here = useReading(SECTIONS);
  useFresh();
  useTitle(t("calendars.title"));
  return (
    <PageShell title={t("calendars.title")}>
      <div className={profile.page}>
        <nav className={profile.contents} aria-label={t("account.contents")}>
          {able &&
            SECTIONS.map((id) => (
              <a key={id} href={`#${id}`} aria-current={id === here ? "true" : undefined}>
                {t(`calendars.${id}`)}
              </a>
            ))}
          <Link href="/profile" className={styles.backLink}>
            <IconArrowLeft size={16} aria-hidden />
            {t("calendars.toProfile")}
          </Link>
        </nav>
        <div className={profile.sections}>
          {!able && <PlanNote />}
          <ConnectionList calendars={able} outcome={outcome} />
          {able && some && <Why />}
          {able && <Policy />}
        </div>
      </div>
    </PageShell>
  );
}

const SETTLE_MS = 800;
const AGAIN_MS = 20_000;

/** Facts tell that something went wrong, not what: while somebody looks, all is asked for anew. */
function useFresh(): void {
  const told = useChatState((state) => state.connections);
  useEffect(() => {
    if (!told) return;
    const timer = setTimeout(() => void loadConnections(), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [told]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState !== "visible") return;
      void loadConnections();
      void loadCalendar();
    }, AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
}
