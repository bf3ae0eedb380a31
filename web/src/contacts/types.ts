import type { Phone } from "../lib/types";

/** What a person decided about a caller. */
export interface Marks {
  star: boolean;
  vip: boolean;
  blocked: boolean;
}

export type FavouriteKind = "person" | "contact" | "number" | "prefix" | "anonymous";

export interface Favourite extends Marks {
  id: string;
  kind: FavouriteKind;
  user_id?: string | null;
  contact_id?: string | null;
  /** E.164, or the beginning of such numbers. */
  number?: string | null;
  name: string;
}

export type Scope = "internal" | "global" | "personal";

export interface ContactPhone extends Phone {
  e164: string | null;
}

/** A place that a contact comes from. */
export interface ContactSource {
  provider: string;
  link: string | null;
  read_only: boolean;
}

/** Somebody outside, or a colleague as the search shows them. */
export interface Contact {
  id: string;
  scope: Scope;
  user_id: string | null;
  name: string;
  title: string;
  department: string;
  company: string;
  phones: ContactPhone[];
  emails: string[];
  note: string;
  source: string;
  /** Where its owner changes it, when that is elsewhere. */
  link?: string | null;
  /** It is changed where it comes from, not here. */
  read_only?: boolean;
  /** Every place that tells of this person, when they are not only here. */
  sources?: ContactSource[];
  updated_at: string;
  favourite: Marks | null;
}

export type ImportStatus = "reading" | "read" | "applying" | "done" | "failed";

export interface ImportFault {
  row: number;
  column: string;
  value: string;
  detail: string;
}

/** How far a file of contacts has come on its way in, as facts tell. */
export interface ImportProgress {
  id: string;
  scope: "global" | "personal";
  status: ImportStatus;
  rows: number;
  good: number;
  bad: number;
  /** The same as another row of the file: made one with it. */
  merged: number;
  /** There already. */
  skipped: number;
  /** Columns that mean nothing to us. */
  ignored: string[];
}

/** The same, and what was wrong: asked for. */
export interface ContactImport extends ImportProgress {
  /** Why it failed. */
  detail: string | null;
  /** The first of them. */
  faults: ImportFault[];
}
