import { Center, Loader } from "@mantine/core";
import { Suspense } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { t, useLanguage } from "./lib/i18n";
import { lazily } from "./lib/lazily";
import { useSession } from "./lib/session";
import { Unreachable } from "./unreachable";

const SignIn = lazily(() => import("./account/SignIn"));
const Forgot = lazily(() => import("./account/Forgot"));
const Reset = lazily(() => import("./account/Reset"));
const Invitation = lazily(() => import("./account/Invitation"));
const Workspace = lazily(() => import("./workspace"));

function Waiting() {
  return (
    <Center h="100%">
      <Loader type="dots" aria-label={t("common.loading")} />
    </Center>
  );
}

/** Pages that need a session; asks for a sign-in and comes back to the same address. */
function SignedIn() {
  const session = useSession();
  const [path] = useLocation();
  if (session.status === "unknown") return <Waiting />;
  if (session.status === "out") {
    const next = path === "/" || session.asked ? "" : `?next=${encodeURIComponent(path)}`;
    return <Redirect to={`/sign-in${next}`} replace />;
  }
  if (session.status === "unreachable") return <Unreachable />;
  return <Workspace key={session.me.id} />;
}

export function App() {
  const language = useLanguage();
  return (
    <Suspense key={language} fallback={<Waiting />}>
      <Switch>
        <Route path="/sign-in" component={SignIn} />
        <Route path="/forgot" component={Forgot} />
        <Route path="/reset/:token" component={Reset} />
        <Route path="/invitation/:token" component={Invitation} />
        <Route component={SignedIn} />
      </Switch>
    </Suspense>
  );
}
