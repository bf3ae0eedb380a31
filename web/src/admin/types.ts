import type { Org, Person } from "../lib/types";

/** A colleague as their administrator sees them. */
export interface AdminPerson extends Person {
  /** Has yet to choose a password. */
  invited: boolean;
  last_seen_at: string | null;
}

export interface BotToken {
  id: string;
  name: string;
  created_at: string;
  last_used_at: string | null;
}

export interface Bot extends Person {
  tokens: BotToken[];
}

export interface AuditEntry {
  id: string;
  at: string;
  actor_id: string;
  actor_name: string;
  action: string;
  target: string;
  target_name: string;
  changes: Record<string, [unknown, unknown]>;
}

export interface ImportError {
  row: number;
  column: string;
  value: string;
  problem: string;
}

export interface ImportAnswer {
  dry_run: boolean;
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  errors: ImportError[];
}

export interface Company extends Org {
  people: number;
  blocked: boolean;
  created_at: string;
}
