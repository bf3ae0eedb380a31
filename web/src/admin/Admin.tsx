import { Button } from "@mantine/core";
import { IconError404, IconLock } from "@tabler/icons-react";
import { Link, Route, Switch, useLocation } from "wouter";
import { Empty } from "../account/parts/Empty";
import { PageShell } from "../account/parts/PageShell";
import { useTitle } from "../account/parts/useTitle";
import { t } from "../lib/i18n";
import { useMe } from "../lib/session";
import Audit from "./Audit";
import styles from "./admin.module.css";
import Bots from "./Bots";
import Companies from "./Companies";
import Company from "./Company";
import Import from "./Import";
import Integrations from "./integrations/Integrations";
import People from "./People";
import Telephony from "./telephony/Telephony";

const PAGES = [
  { path: "/admin", key: "people", page: People, right: "admin" },
  { path: "/admin/import", key: "import", page: Import, right: "admin" },
  { path: "/admin/company", key: "company", page: Company, right: "admin" },
  { path: "/admin/telephony", key: "telephony", page: Telephony, right: "admin" },
  { path: "/admin/integrations", key: "integrations", page: Integrations, right: "admin" },
  { path: "/admin/bots", key: "bots", page: Bots, right: "admin" },
  { path: "/admin/audit", key: "audit", page: Audit, right: "admin" },
  { path: "/admin/companies", key: "companies", page: Companies, right: "operator" },
] as const;

/** The administrators' pages. What is shown follows the person's rights; the server decides. */
export default function Admin() {
  const me = useMe();
  const [path] = useLocation();
  const pages = PAGES.filter(({ right }) => me.can.includes(right));
  const here = pages.find((page) => isAt(path, page.path));
  useTitle(t(here ? `admin.${here.key}` : "admin.title"));

  if (pages.length === 0) return <Refusal />;
  return (
    <PageShell title={t("admin.title")}>
      <nav className={styles.tabs} aria-label={t("admin.title")}>
        {pages.map((page) => (
          <Link
            key={page.path}
            ref={page === here ? intoView : undefined}
            href={page.path}
            className={styles.tab}
            aria-current={page === here ? "page" : undefined}
          >
            {t(`admin.${page.key}`)}
          </Link>
        ))}
      </nav>
      <Switch>
        {pages.map(({ path: route, page }) => (
          <Route key={route} path={below(route)} component={page} />
        ))}
        <Route>
          <Empty icon={IconError404} title={t("common.notFound")}>
            {t("common.notFoundDetail")}
          </Empty>
        </Route>
      </Switch>
    </PageShell>
  );
}

/** Telephony has pages of its own below it. */
function below(route: string): string {
  return route === "/admin/telephony" ? `${route}/*?` : route;
}

function isAt(path: string, route: string): boolean {
  return path === route || (route !== "/admin" && path.startsWith(`${route}/`));
}

/** On a phone the tabs are wider than the screen. */
function intoView(tab: HTMLAnchorElement | null): void {
  tab?.scrollIntoView({ block: "nearest", inline: "center" });
}

function Refusal() {
  return (
    <PageShell title={t("admin.title")}>
      <Empty icon={IconLock} title={t("admin.refusedTitle")}>
        <p>{t("admin.refused")}</p>
        <Button component={Link} href="/" variant="default" mt="sm">
          {t("common.home")}
        </Button>
      </Empty>
    </PageShell>
  );
}
