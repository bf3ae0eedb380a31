/** What is synced, on the wire. */

export type Provider = "microsoft" | "google" | "caldav" | "ics" | "exchange";
/** Connected by an address, a user and a password. */
export type PasswordProvider = Extract<Provider, "caldav" | "exchange">;
export type ConnectionStatus = "connecting" | "synced" | "stale" | "reconnect";
export type Privacy = "generic_with_time" | "generic_without_time" | "ignore";

/** One calendar of an account. */
export interface CalendarChoice {
  id: string;
  name: string;
  primary: boolean;
  colour: string;
  /** Mine; otherwise somebody shares it. */
  own: boolean;
  /** Shows when, not what. */
  busy_only: boolean;
  counts: boolean;
}

/** An account that somebody let us into. */
export interface CalendarConnection {
  id: string;
  provider: Provider;
  account: string;
  /** Connected for everybody by an administrator. */
  company: boolean;
  status: ConnectionStatus;
  /** What went wrong last, as a sentence. */
  trouble: string | null;
  synced_at: string | null;
  /** Changes are told at once. */
  push: boolean;
  contacts: boolean;
  calendars: CalendarChoice[];
}

/** A kind of account that can be connected. */
export interface ProviderOffer {
  provider: Provider;
  /** The company allows it. */
  on: boolean;
  /** The operator has set it up. */
  configured: boolean;
  /** Connected by going there and coming back. */
  oauth: boolean;
}

export interface Connections {
  connections: CalendarConnection[];
  providers: ProviderOffer[];
}

/** A meeting, and what became of it. */
export interface ExplainedOccurrence {
  id: string;
  start: string;
  end: string;
  all_day: boolean;
  subject: string;
  calendar: string;
  provider: Provider;
  /** It says something about me; otherwise it was left out. */
  counts: boolean;
  rule: string;
  /** Why, to me. */
  sentence: string;
  activity_id: string | null;
}

/** What decides how I am shown now. */
export interface Decision {
  activity_id: string | null;
  sentence: string;
  until: string | null;
}

export interface MyCalendar {
  now: Decision | null;
  occurrences: ExplainedOccurrence[];
}

export interface OwnPolicy {
  /** Null: as the company has it. */
  tentative_closes: boolean | null;
  privacy: Privacy | null;
  show_subjects: boolean;
  effective: { tentative_closes: boolean; privacy: Privacy };
}

/** A word that stands for an activity. */
export interface Keyword {
  word: string;
  type_id: string;
}

export interface CompanyPolicy {
  keywords: Keyword[];
  /** They are the usual ones. */
  standard_keywords: boolean;
  categories: Keyword[];
  tentative_closes: boolean;
  focus_closes: boolean;
  privacy: Privacy;
  /** Minutes before a meeting, and after it. */
  lead: number;
  lag: number;
  providers: Provider[];
}
