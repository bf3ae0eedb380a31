import { IconError404 } from "@tabler/icons-react";
import { Suspense } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import { Empty } from "../../account/parts/Empty";
import { useTitle } from "../../account/parts/useTitle";
import { t } from "../../lib/i18n";
import { lazily } from "../../lib/lazily";
import styles from "./telephony.module.css";

const PAGES = [
  { path: "/admin/telephony", key: "numbers", page: lazily(() => import("./Numbers")) },
  {
    path: "/admin/telephony/exchanges",
    key: "exchanges",
    page: lazily(() => import("./Exchanges")),
  },
  { path: "/admin/telephony/calls", key: "calls", page: lazily(() => import("./Calls")) },
  { path: "/admin/telephony/clips", key: "clips", page: lazily(() => import("./Clips")) },
  {
    path: "/admin/telephony/activities",
    key: "activities",
    page: lazily(() => import("./Activities")),
  },
  { path: "/admin/telephony/hours", key: "hours", page: lazily(() => import("./OpeningHours")) },
] as const;

/** Everything about the company's telephony, a page for each matter. */
export default function Telephony() {
  const [path] = useLocation();
  const here = PAGES.find((page) => page.path === path);
  useTitle(t(here ? `telephony.${here.key}` : "admin.telephony"));
  return (
    <div className={styles.frame}>
      <nav className={styles.side} aria-label={t("admin.telephony")}>
        {PAGES.map((page) => (
          <Link
            key={page.path}
            ref={page === here ? intoView : undefined}
            href={page.path}
            className={styles.place}
            aria-current={page.path === path ? "page" : undefined}
          >
            {t(`telephony.${page.key}`)}
          </Link>
        ))}
      </nav>
      <div className={styles.content}>
        <Suspense>
          <Switch>
            {PAGES.map(({ path: route, page }) => (
              <Route key={route} path={route} component={page} />
            ))}
            <Route>
              <Empty icon={IconError404} title={t("common.notFound")}>
                {t("common.notFoundDetail")}
              </Empty>
            </Route>
          </Switch>
        </Suspense>
      </div>
    </div>
  );
}

/** On a phone the row is wider than the screen. */
function intoView(place: HTMLAnchorElement | null): void {
  place?.scrollIntoView({ block: "nearest", inline: "center" });
}
