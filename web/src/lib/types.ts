/** The nouns on the wire, as the server sends them. Ids and times are strings. */

import type { Favourite } from "../contacts/types";

export type Language = "sv" | "en";
export type Plan = "basic" | "pro" | "business" | "enterprise";
export type Role = "member" | "admin" | "attendant" | "operator" | "bot";
export type Online = "online" | "away" | "offline";
export type Right =
  | "chat"
  | "video"
  | "files"
  | "activities"
  | "others_activities"
  | "contacts"
  | "calendars"
  | "admin"
  | "operator";

export interface Phone {
  kind: "work" | "mobile" | "other";
  number: string;
}

/** What a telephone does; null when no exchange tells. */
export type Line = "idle" | "ringing" | "in_call" | "on_hold";

export interface Presence {
  user_id: string;
  online: Online;
  /** The id of an activity type; null for bots. */
  activity: string | null;
  /** When the person is back. */
  until: string | null;
  line: Line | null;
  note: string;
}

export type Wording = Record<Language, string>;

export interface DefaultEnd {
  kind: "minutes" | "end_of_work" | "next_work_start" | "date" | "none";
  minutes: number | null;
}

/** A kind of activity. What is shown and what callers hear are separate. */
export interface ActivityType {
  id: string;
  label: Wording;
  spoken: Wording;
  closes_phone: boolean;
  default_end: DefaultEnd;
  vip_through: boolean;
  queue: "keep" | "pause";
  colour: string;
  icon: string;
  position: number;
  hidden: boolean;
  scope: "standard" | "company" | "own";
}

/** What callers hear just now. */
export interface Announcement {
  closed: boolean;
  text: string;
  language: Language;
  activity: string;
  back_at: string | null;
  /** Null when reachable now. */
  next_free: string | null;
  audio: { "8000": string; "16000": string } | null;
}

/** A number of the company's plan. */
export interface OwnNumber {
  kind: "extension" | "fixed" | "mobile";
  number: string;
  /** How people write it. */
  display?: string;
}

export interface Person {
  id: string;
  handle: string;
  name: string;
  title: string;
  department: string;
  phones: Phone[];
  email: string;
  picture: string | null;
  language: Language;
  time_zone: string;
  plan: Plan;
  role: Role;
  blocked: boolean;
  presence: Presence;
  /** The person's own types, and their changes to the company's. */
  activity_types: ActivityType[];
  extension: string | null;
  numbers: OwnNumber[];
}

export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";
export type WorkingHours = Record<Weekday, [string, string][]>;

export interface Me extends Person {
  /** My own, also while an activity has another. */
  note: string;
  /** Mine, or the company's when `own_hours` is false. */
  working_hours: WorkingHours;
  own_hours: boolean;
  /** Gone for the day by itself outside of work. */
  auto_gone: boolean;
  /** Colleagues who may choose my activity. */
  delegates: string[];
  /** Whose activities I may choose besides my own. */
  may_set: "all" | "some" | "none";
  can: Right[];
  invited: boolean;
  demo: boolean;
}

export type Country = "SE" | "NO" | "DK" | "FI";

export interface Org {
  id: string;
  name: string;
  language: Language;
  time_zone: string;
  working_hours: WorkingHours;
  country: Country;
  holidays: boolean;
  main_number: string | null;
  pbx: boolean;
}

export type Notify = "all" | "mentions" | "none";

export interface RoomSettings {
  notify: Notify;
  muted_until: string | null;
}

export interface Room {
  id: string;
  kind: "direct" | "group";
  name: string;
  topic: string;
  member_ids: string[];
  created_by: string;
  created_at: string;
  last_seq: number;
  last_count: number;
  read_seq: number;
  unread: number;
  mentions: number;
  /** The client's own note: the server has counted everything up to here. */
  counted_to?: number;
  last_message: MessageEntry | null;
  reads: Record<string, number> | null;
  settings: RoomSettings;
}

interface EntryBase {
  room_id: string;
  seq: number;
  author_id: string;
  sent_at: string;
  count: number;
}

export interface MessageEntry extends EntryBase {
  kind: "message";
  body: string;
  client_id: string;
  reply_to?: number | null;
  mentions?: string[];
  edited_at?: string | null;
  deleted?: boolean;
  reactions?: Record<string, string[]>;
  pinned?: boolean;
}

export interface EditedEntry extends EntryBase {
  kind: "edited";
  target: number;
  body: string;
  mentions?: string[];
}

export interface DeletedEntry extends EntryBase {
  kind: "deleted";
  target: number;
}

export interface ReactedEntry extends EntryBase {
  kind: "reacted";
  target: number;
  emoji: string;
  on: boolean;
}

export interface PinnedEntry extends EntryBase {
  kind: "pinned";
  target: number;
  on: boolean;
}

export interface MemberAddedEntry extends EntryBase {
  kind: "member_added";
  user_ids: string[];
}

export interface MemberLeftEntry extends EntryBase {
  kind: "member_left";
  user_id: string;
}

export interface RenamedEntry extends EntryBase {
  kind: "renamed";
  name: string;
  topic: string;
}

export type Entry =
  | MessageEntry
  | EditedEntry
  | DeletedEntry
  | ReactedEntry
  | PinnedEntry
  | MemberAddedEntry
  | MemberLeftEntry
  | RenamedEntry;

export interface Limits {
  message_length: number;
  group_members: number;
  history_page: number;
}

export interface Snapshot {
  me: Me;
  org: Org;
  people: Person[];
  rooms: Room[];
  activities: ActivityType[];
  favourites: Favourite[];
  server_time: string;
  limits: Limits;
}

export interface HistoryPage {
  entries: Entry[];
  at_start: boolean;
  at_end: boolean;
}

export interface SyncAnswer {
  rooms: Record<string, { entries: Entry[]; limited: boolean; last_seq: number }>;
  joined: Room[];
  left: string[];
}

export interface SearchHit {
  entry: MessageEntry;
  room_id: string;
  snippet: string;
}

/** RFC 9457, as HTTP answers and socket acks carry it. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  field?: string;
  retry_after?: number;
  request_id?: string;
}

export interface DemoPerson {
  email: string;
  password: string;
  name: string;
  role: Role;
  plan: Plan;
  org: string;
}

export interface Config {
  name: string;
  version: string;
  demo: DemoPerson[];
  languages: Language[];
}

export interface SessionRow {
  id: string;
  device: string;
  ip: string;
  created_at: string;
  last_seen_at: string;
  current: boolean;
}
