import { Drawer } from "@mantine/core";
import { useLocation } from "wouter";
import { t } from "../../lib/i18n";
import { attempt, openDirect } from "../actions";
import { useChat, useChatState, useStoreValue } from "../context";
import { PersonCard } from "./PersonCard";

/** Somebody's contact card, over whatever page one is on. */
export default function CardDrawer() {
  const chat = useChat();
  const [, navigate] = useLocation();
  const id = useStoreValue(chat.card);
  const person = useChatState((state) => (id ? state.people[id] : undefined));
  const close = () => chat.card.set(null);
  const write = (userId: string) =>
    attempt(async () => {
      const room = await openDirect(chat, userId);
      close();
      navigate(`/room/${room.id}`);
    });
  return (
    <Drawer
      opened={person !== undefined}
      onClose={close}
      position="right"
      size={400}
      title={t("chat.people.card")}
      styles={{ body: { padding: 0 } }}
    >
      {person && (
        <PersonCard key={person.id} person={person} onChat={() => void write(person.id)} />
      )}
    </Drawer>
  );
}
