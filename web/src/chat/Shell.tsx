import { useMediaQuery } from "@mantine/hooks";
import { IconMessages } from "@tabler/icons-react";
import { Suspense, useState } from "react";
import { Redirect, Route, Switch, useLocation, useRoute } from "wouter";
import { t } from "../lib/i18n";
import { lazily } from "../lib/lazily";
import { useMyself } from "./context";
import { useShortcuts } from "./keys";
import { PlanPage } from "./PlanPage";
import { ConnectionBanner } from "./parts/ConnectionBanner";
import { Empty } from "./parts/Empty";
import { Rail } from "./Rail";
import { RoomView } from "./room/RoomView";
import styles from "./Shell.module.css";
import { Sidebar } from "./Sidebar";

const PeoplePage = lazily(() => import("../people/PeoplePage"));
const ContactsPage = lazily(() => import("../contacts/ContactsPage"));
const ImportPage = lazily(() => import("../contacts/ImportPage"));
const BlockedPage = lazily(() => import("../contacts/BlockedPage"));
const SearchPage = lazily(() => import("../search/SearchPage"));
const Palette = lazily(() => import("./Palette"));
const NewChat = lazily(() => import("./NewChat"));
const CardDrawer = lazily(() => import("./panels/CardDrawer"));

/** The frame: rail, room list and page beside each other; on a phone one of them at a time. */
export default function Shell() {
  const me = useMyself();
  const [path] = useLocation();
  const narrow = useMediaQuery("(max-width: 760px)", false, { getInitialValueInEffect: false });
  const [creating, setCreating] = useState(false);
  const [inRoom] = useRoute("/room/:id");
  useShortcuts(() => setCreating(true));

  const chats = me.can.includes("chat");
  if (!chats && me.can.includes("operator") && path === "/")
    return <Redirect to="/admin" replace />;
  const listed = chats && (path === "/" || inRoom);
  return (
    <div className={styles.frame} data-in-room={inRoom || undefined}>
      <a className={styles.skip} href="#main">
        {t("chat.skip")}
      </a>
      <Rail narrow={narrow} />
      {listed && !(narrow && inRoom) && <Sidebar onNew={() => setCreating(true)} />}
      {!(narrow && path === "/" && chats) && (
        <main id="main" className={styles.main} tabIndex={-1}>
          <ConnectionBanner />
          <div className={styles.page}>
            <Suspense>
              <Switch>
                <Route path="/people" component={PeoplePage} />
                <Route path="/contacts" component={ContactsPage} />
                <Route path="/contacts/blocked" component={BlockedPage} />
                <Route path="/contacts/import/:id?">{({ id }) => <ImportPage id={id} />}</Route>
                {!chats && <Route component={PlanPage} />}
                <Route path="/search" component={SearchPage} />
                <Route path="/room/:id">{({ id }) => <RoomView key={id} roomId={id} />}</Route>
                <Route path="/" component={NothingChosen} />
                <Route component={NotFound} />
              </Switch>
            </Suspense>
          </div>
        </main>
      )}
      <Suspense>
        <Palette onNew={() => setCreating(true)} />
        <CardDrawer />
        {creating && <NewChat onClose={() => setCreating(false)} />}
      </Suspense>
    </div>
  );
}

function NothingChosen() {
  return (
    <Empty
      icon={<IconMessages size={34} stroke={1.5} />}
      title={t("chat.nothing.title")}
      detail={t("chat.nothing.detail")}
    />
  );
}

function NotFound() {
  return (
    <Empty
      icon={<IconMessages size={34} stroke={1.5} />}
      title={t("common.notFound")}
      detail={t("common.notFoundDetail")}
    />
  );
}
