import { useSyncExternalStore } from "react";
import { api, onSignedOut, Problem } from "./api";
import { currentLanguage, setLanguage } from "./i18n";
import type { Me } from "./types";

/** Who is signed in, as far as this tab knows. The cookie itself is out of reach for scripts. */
export type Session =
  | { status: "unknown" }
  | { status: "unreachable" }
  /** `asked`: the person signed out; otherwise the session ended and they may want to come back. */
  | { status: "out"; asked?: boolean }
  | { status: "in"; me: Me };

const KEY = "vaxel.me";

let session: Session = { status: "unknown" };
const listeners = new Set<() => void>();
const farewells = new Set<(userId: string) => Promise<void> | void>();

function become(next: Session): void {
  session = next;
  try {
    // So that the app opens without a network; whether the session still holds, the server says later.
    if (next.status === "in") localStorage.setItem(KEY, JSON.stringify(next.me));
    if (next.status === "out") localStorage.removeItem(KEY);
  } catch {
    // Storage may be forbidden: then it opens only with one.
  }
  for (const listener of listeners) listener();
}

/** Register what must be cleared on this device when *userId* signs out. */
export function onSignOut(farewell: (userId: string) => Promise<void> | void): () => void {
  farewells.add(farewell);
  return () => farewells.delete(farewell);
}

/** Ask the server who we are. A lost connection is not a sign-out. */
export async function loadSession(): Promise<void> {
  try {
    signedIn(await api.get<Me>("/api/me"));
  } catch (error) {
    const refused = error instanceof Problem && error.status === 401;
    if (refused) become({ status: "out" });
    else if (session.status === "unknown") {
      const me = remembered();
      become(me ? { status: "in", me } : { status: "unreachable" });
    }
  }
}

function remembered(): Me | null {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "null") as Me | null;
  } catch {
    return null;
  }
}

/** After sign-in, an accepted invitation or a changed profile: this is me now. */
export function signedIn(me: Me): void {
  become({ status: "in", me });
  if (me.language !== currentLanguage()) void setLanguage(me.language);
}

export async function signIn(email: string, password: string): Promise<void> {
  const answer = await api.post<{ user: Me }>("/api/session", { email, password });
  signedIn(answer.user);
}

/** Sign out here and clear what this device kept for the person. Throws `Problem` when offline. */
export async function signOut(): Promise<void> {
  try {
    await api.delete("/api/session");
  } catch (error) {
    if (!(error instanceof Problem && error.status === 401)) throw error;
  }
  await forget();
}

/** The session ended (here or elsewhere): clear local data and show the sign-in. */
export async function forget(): Promise<void> {
  if (session.status === "in") {
    const { id } = session.me;
    await Promise.allSettled([...farewells].map((farewell) => farewell(id)));
  }
  become({ status: "out", asked: true });
}

/** The session is over but the person did not ask for it: keep drafts and unsent messages. */
export function sessionEnded(): void {
  become({ status: "out" });
}

onSignedOut(sessionEnded);

export function currentSession(): Session {
  return session;
}

export function useSession(): Session {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentSession);
}

/** Me, inside pages that only exist when signed in. Throws otherwise: a mistake in the routes. */
export function useMe(): Me {
  const now = useSession();
  if (now.status !== "in") throw new Error("useMe outside of a signed-in page");
  return now.me;
}
