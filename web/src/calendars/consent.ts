import { api } from "../lib/api";
import type { Provider } from "./types";

const KEY = "vaxel.consent.from";

export const CALENDARS = "/profile/calendars";
export const INTEGRATIONS = "/admin/integrations";

/** How asking for consent went, as the address says on the way back. */
export interface Outcome {
  /** The connection's id. */
  connected: string | null;
  /** A word for what went wrong. */
  error: string | null;
}

interface Wish {
  company?: boolean;
  /** To connect this one again. */
  connection_id?: string;
}

/** Leave for the provider, to come back to this page. Throws `Problem`. */
export async function askConsent(provider: Provider, wish: Wish = {}): Promise<void> {
  const { url } = await api.post<{ url: string }>(`/api/connections/${provider}/begin`, wish);
  remember(wish.company ? INTEGRATIONS : CALENDARS);
  window.location.assign(url);
}

/** What the address says of a consent that was asked for; null when it is about something else. Pure. */
export function outcomeOf(search: string): Outcome | null {
  const params = new URLSearchParams(search);
  const connected = params.get("connected");
  const error = params.get("connect_error");
  return connected || error ? { connected, error } : null;
}

/** The page to go on at, with the outcome in its address. */
export function backFrom(search: string): string | null {
  return outcomeOf(search) && `${remembered()}?${search.replace(/^\?/, "")}`;
}

function remember(page: string): void {
  try {
    sessionStorage.setItem(KEY, page);
  } catch {
    // Not remembered then: the way back leads to one's own calendars.
  }
}

function remembered(): string {
  try {
    return sessionStorage.getItem(KEY) === INTEGRATIONS ? INTEGRATIONS : CALENDARS;
  } catch {
    return CALENDARS;
  }
}
