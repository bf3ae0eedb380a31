import type { CalendarConnection, Provider } from "../../calendars/types";

export interface Counts {
  connected: number;
  connecting: number;
  synced: number;
  stale: number;
  lost: number;
}

/** A kind of account in the company. */
export interface Integration {
  provider: Provider;
  on: boolean;
  /** The operator has set it up. */
  configured: boolean;
  /** The company's own connection, for everybody. */
  company: CalendarConnection | null;
  counts: Counts;
}

/** How long changes took on their way from the provider to presence; null before there were any. */
export interface Lag {
  p50: number | null;
  p99: number | null;
  count: number;
}

export interface Trouble {
  mailbox_id: string;
  person: string;
  provider: Provider;
  sentence: string;
  at: string;
}

/** Work that was given up. */
export interface Dead {
  id: string;
  person: string;
  provider: Provider;
  sentence: string;
  tries: number;
  at: string;
}

export interface Integrations {
  providers: Integration[];
  lag: Lag;
  troubles: Trouble[];
  dead: Dead[];
}
