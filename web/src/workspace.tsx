import { lazy } from "react";
import { Route, Switch } from "wouter";
import { ChatProvider } from "./chat/ChatProvider";
import Shell from "./chat/Shell";

const Profile = lazy(() => import("./account/Profile"));
const Admin = lazy(() => import("./admin/Admin"));

/** Everything behind the sign-in. The connection lives here, so that it outlasts a visit to a page. */
export default function Workspace() {
  return (
    <ChatProvider>
      <Switch>
        <Route path="/profile" component={Profile} />
        <Route path="/admin/*?" component={Admin} />
        <Route component={Shell} />
      </Switch>
    </ChatProvider>
  );
}
