import { Route, Switch } from "wouter";
import { ConsentReturn } from "./calendars/ConsentReturn";
import { useCalendarWatch } from "./calendars/mine";
import { ChatProvider } from "./chat/ChatProvider";
import Shell from "./chat/Shell";
import { lazily } from "./lib/lazily";

const Profile = lazily(() => import("./account/Profile"));
const Calendars = lazily(() => import("./calendars/Calendars"));
const Admin = lazily(() => import("./admin/Admin"));

/** Everything behind the sign-in. The connection lives here, so that it outlasts a visit to a page. */
export default function Workspace() {
  return (
    <ChatProvider>
      <CalendarWatch />
      <ConsentReturn />
      <Switch>
        <Route path="/profile" component={Profile} />
        <Route path="/profile/calendars" component={Calendars} />
        <Route path="/admin/*?" component={Admin} />
        <Route component={Shell} />
      </Switch>
    </ChatProvider>
  );
}

/** What my calendars say is known on every page. */
function CalendarWatch() {
  useCalendarWatch();
  return null;
}
