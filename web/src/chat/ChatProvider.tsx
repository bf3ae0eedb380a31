import { notifications } from "@mantine/notifications";
import { type ReactNode, useEffect, useState } from "react";
import { Drafts } from "../engine/drafts";
import { Engine } from "../engine/engine";
import { History } from "../engine/history";
import { Reading } from "../engine/reading";
import { TypingSignal, watchActivity, watchNetwork } from "../engine/signals";
import { Store } from "../engine/store";
import { t } from "../lib/i18n";
import { currentSession, forget, onSignOut, sessionEnded, signedIn, useMe } from "../lib/session";
import type { Me } from "../lib/types";
import { notify } from "./alerts";
import { type Chat, ChatContext, type Jump } from "./context";
import { watchTitle } from "./title";

/** Somebody else, or this person elsewhere, ended the session: leave nothing behind on this device. */
const FORGETTING = new Set(["signed_out", "blocked"]);

function onEnded(engine: Engine, reason: string): void {
  if (reason !== "signed_out") {
    notifications.show({ message: t(`chat.ended.${reason}`), color: "falu", autoClose: 10_000 });
  }
  if (FORGETTING.has(reason)) void forget();
  else {
    // What the person wrote stays for when they are back; what others wrote does not.
    void engine.memory.clear();
    sessionEnded();
  }
}

function openChat(me: Me): { chat: Chat; close: () => void } {
  const engine: Engine = new Engine(me, {
    ended: (reason) => onEnded(engine, reason),
    arrived: (entry) => notify(chat, entry),
  });
  const chat: Chat = {
    engine,
    history: new History(engine),
    reading: new Reading(engine),
    typing: new TypingSignal(engine),
    drafts: new Drafts(me.id),
    jump: new Store<Jump | null>(null),
    card: new Store<string | null>(null),
  };
  engine.start();
  const stops = [
    watchActivity(engine),
    watchNetwork(engine),
    watchTitle(engine),
    engine.store.subscribe(() => keepMe(engine)),
    onSignOut(async () => {
      chat.drafts.clear();
      await engine.memory.clear();
      await engine.outbox.clear();
    }),
  ];
  const close = () => {
    for (const stop of stops) stop();
    engine.close();
  };
  return { chat, close };
}

/** The profile changed on another device: the rest of the page learns it from the session. */
function keepMe(engine: Engine): void {
  const { me, current } = engine.store.get();
  const session = currentSession();
  if (!current || !me || session.status !== "in") return;
  if (session.me.id === me.id && session.me !== me) signedIn(me);
}

/** Opens the engine for the signed-in person and closes it with the page. */
export function ChatProvider({ children }: { children: ReactNode }) {
  const me = useMe();
  const [chat, setChat] = useState<Chat | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed profile is the same person
  useEffect(() => {
    const opened = openChat(me);
    setChat(opened.chat);
    return opened.close;
  }, [me.id]);
  return chat && <ChatContext value={chat}>{children}</ChatContext>;
}
