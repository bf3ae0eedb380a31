import { io, type Socket } from "socket.io-client";
import { t } from "../lib/i18n";
import { networkProblem, Problem } from "../lib/problem";
import type { ProblemBody } from "../lib/types";
import { FACT_NAMES, type Fact } from "./facts";

type Ack = { ok: true; data: unknown } | { ok: false; error: ProblemBody };

/** What the engine needs of a connection; the tests bring their own. */
export interface Wire {
  readonly connected: boolean;
  /** Send a command; rejects with `Problem`, of type "network" when no answer came. */
  command<T>(name: string, data: object): Promise<T>;
  connect(): void;
  /** Try at once instead of waiting for the next attempt. */
  hurry(): void;
  close(): void;
}

export interface WireEvents {
  connected(): void;
  disconnected(): void;
  fact(fact: Fact): void;
  /** The server said goodbye or refused the handshake; the reason decides what follows. */
  ended(reason: string): void;
}

const ACK_TIMEOUT_MS = 15_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 8000;

/** Connect with Socket.IO and the session cookie: WebSocket first, polling where that is barred. */
export function openWire(events: WireEvents): Wire {
  const socket: Socket = io({
    path: "/socket.io",
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    withCredentials: true,
    autoConnect: false,
    reconnectionDelay: FIRST_RETRY_MS,
    reconnectionDelayMax: LAST_RETRY_MS,
    randomizationFactor: 0.5,
  });
  const again = reconnector(socket);
  let ended = false;

  socket.on("connect", () => {
    again.reset();
    events.connected();
  });
  socket.on("disconnect", (reason) => {
    events.disconnected();
    // The library never comes back by itself when it was the server that hung up.
    if (reason === "io server disconnect" && !ended) again.later();
  });
  socket.on("connect_error", (error: Error & { data?: ProblemBody }) => {
    events.disconnected();
    if (socket.active) return;
    const problem = new Problem(error.data ?? {});
    if (problem.type === "not-signed-in") events.ended("refused");
    else again.later(problem.retryAfter);
  });
  socket.on("session.ended", ({ reason }: { reason: string }) => {
    ended = reason !== "server_restart";
    if (ended) events.ended(reason);
  });
  for (const name of FACT_NAMES) {
    socket.on(name, (data: unknown) => events.fact({ name, data } as Fact));
  }

  return {
    get connected() {
      return socket.connected;
    },
    command: <T>(name: string, data: object) => command<T>(socket, name, data),
    connect: () => void socket.connect(),
    hurry: () => {
      if (!socket.connected && !ended) socket.disconnect().connect();
    },
    close: () => {
      ended = true;
      again.reset();
      socket.close();
    },
  };
}

async function command<T>(socket: Socket, name: string, data: object): Promise<T> {
  // The library would keep the command and send it whenever; the outbox does that, durably.
  if (!socket.connected) throw networkProblem(t("common.offline"), t("common.offlineDetail"));
  let ack: Ack;
  try {
    ack = (await socket.timeout(ACK_TIMEOUT_MS).emitWithAck(name, data)) as Ack;
  } catch {
    throw networkProblem(t("common.offline"), t("common.offlineDetail"));
  }
  if (!ack.ok) throw new Problem(ack.error);
  return ack.data as T;
}

/** Retries with growing, jittered pauses where the library gives up. */
function reconnector(socket: Socket) {
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    later(seconds = 0) {
      clearTimeout(timer);
      const pause = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempts);
      attempts += 1;
      const delay = Math.max(seconds * 1000, pause * (0.5 + Math.random()));
      timer = setTimeout(() => socket.connect(), delay);
    },
    reset() {
      clearTimeout(timer);
      attempts = 0;
    },
  };
}
