/** For the tests: the fixed cast, builders, and a server of one's own behind the engine's wire. */

import { networkProblem, Problem } from "../lib/problem";
import type {
  Entry,
  Me,
  MessageEntry,
  Org,
  Person,
  Room,
  Snapshot,
  SyncAnswer,
} from "../lib/types";
import type { Fact } from "./facts";
import type { Wire, WireEvents } from "./wire";

export function makePerson(id: string, changes: Partial<Person> = {}): Person {
  return {
    id,
    handle: id,
    name: id[0]?.toUpperCase() + id.slice(1),
    title: "",
    department: "",
    phones: [],
    email: `${id}@example.com`,
    picture: null,
    language: "sv",
    time_zone: "Europe/Stockholm",
    plan: "pro",
    role: "member",
    blocked: false,
    presence: { user_id: id, online: "offline", activity: null, until: null, line: null, note: "" },
    activity_types: [],
    extension: null,
    numbers: [],
    ...changes,
  };
}

export function makeMe(changes: Partial<Me> = {}): Me {
  const hours = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
  const more = { can: ["chat" as const], invited: false, demo: true };
  const work = { note: "", working_hours: hours, own_hours: false, auto_gone: false };
  const others = { delegates: [], may_set: "none" as const };
  return { ...makePerson("astrid"), ...work, ...others, ...more, ...changes };
}

export function makeOrg(changes: Partial<Org> = {}): Org {
  return {
    id: "o",
    name: "Exempel AB",
    language: "sv",
    time_zone: "Europe/Stockholm",
    working_hours: makeMe().working_hours,
    country: "SE",
    holidays: true,
    main_number: null,
    pbx: false,
    ...changes,
  };
}

export function makeRoom(id = "lobby", changes: Partial<Room> = {}): Room {
  return {
    id,
    kind: "group",
    name: id,
    topic: "",
    member_ids: ["astrid", "birger"],
    created_by: "astrid",
    created_at: "2026-11-20T08:00:00.000Z",
    last_seq: 0,
    last_count: 0,
    read_seq: 0,
    unread: 0,
    mentions: 0,
    last_message: null,
    reads: { astrid: 0, birger: 0 },
    settings: { notify: "all", muted_until: null },
    ...changes,
  };
}

export function makeMessage(seq: number, changes: Partial<MessageEntry> = {}): MessageEntry {
  return {
    kind: "message",
    room_id: "lobby",
    seq,
    author_id: "birger",
    sent_at: new Date(Date.UTC(2026, 10, 20, 8, 0, seq)).toISOString(),
    count: seq,
    body: `message ${seq}`,
    client_id: `c${seq}`,
    mentions: [],
    ...changes,
  };
}

/** A room log that answers commands, can be cut off, and can lose acks. */
export class FakeServer {
  readonly log: Entry[] = [];
  readonly received: { name: string; data: Record<string, unknown> }[] = [];
  readonly wires = new Set<FakeWire>();
  readonly me = makeMe();
  room = makeRoom();
  loseAcks = 0;
  refuse: ((body: string) => Problem | null) | null = null;

  get sentBodies(): string[] {
    return this.log.flatMap((entry) => (entry.kind === "message" ? [entry.body] : []));
  }

  open = (events: WireEvents): FakeWire => {
    const wire = new FakeWire(this, events);
    this.wires.add(wire);
    return wire;
  };

  append(entry: Entry, publish = true): void {
    this.log.push(entry);
    this.room = { ...this.room, last_seq: entry.seq };
    if (publish) this.publish({ name: "room.entry", data: { room_id: entry.room_id, entry } });
  }

  publish(fact: Fact): void {
    for (const wire of this.wires) if (wire.connected) wire.events.fact(fact);
  }

  async answer(name: string, data: Record<string, unknown>): Promise<unknown> {
    this.received.push({ name, data });
    switch (name) {
      case "session.open":
        return this.#snapshot();
      case "room.sync":
        return this.#sync(data.cursors as Record<string, number>);
      case "message.send":
        return this.#send(data);
      case "room.history":
        return { entries: [...this.log], at_start: true, at_end: true };
      default:
        return {};
    }
  }

  #snapshot(): Snapshot {
    return {
      me: this.me,
      org: makeOrg(),
      people: [makePerson("astrid"), makePerson("birger")],
      rooms: [this.room],
      activities: [],
      favourites: [],
      server_time: "2026-11-20T08:00:00.000Z",
      limits: { message_length: 8000, group_members: 1000, history_page: 200 },
    };
  }

  #sync(cursors: Record<string, number>): SyncAnswer {
    const cursor = cursors[this.room.id] ?? 0;
    const entries = this.log.filter((entry) => entry.seq > cursor);
    const part = { entries, limited: false, last_seq: this.room.last_seq };
    return { rooms: { [this.room.id]: part }, joined: [], left: [] };
  }

  #send(data: Record<string, unknown>): MessageEntry {
    const refusal = this.refuse?.(String(data.body));
    if (refusal) throw refusal;
    const first = this.log.find(
      (entry): entry is MessageEntry =>
        entry.kind === "message" && entry.client_id === data.client_id,
    );
    if (first) return first;
    const seq = this.room.last_seq + 1;
    const entry = makeMessage(seq, {
      author_id: this.me.id,
      body: String(data.body),
      client_id: String(data.client_id),
    });
    this.append(entry);
    return entry;
  }
}

export class FakeWire implements Wire {
  connected = false;
  readonly events: WireEvents;
  readonly #server: FakeServer;

  constructor(server: FakeServer, events: WireEvents) {
    this.#server = server;
    this.events = events;
  }

  connect(): void {
    this.connected = true;
    this.events.connected();
  }

  cut(): void {
    this.connected = false;
    this.events.disconnected();
  }

  hurry(): void {}

  close(): void {
    this.connected = false;
  }

  async command<T>(name: string, data: object): Promise<T> {
    if (!this.connected) throw networkProblem("offline");
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (!this.connected) throw networkProblem("offline");
    const answer = await this.#server.answer(name, data as Record<string, unknown>);
    if (name === "message.send" && this.#server.loseAcks > 0) {
      this.#server.loseAcks -= 1;
      throw networkProblem("no answer");
    }
    return structuredClone(answer) as T;
  }
}

/** Wait until *condition* holds; fails after two seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 2000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`never happened: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export { Problem };
