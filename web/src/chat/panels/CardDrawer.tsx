import { Button, Drawer } from "@mantine/core";
import { IconMessage } from "@tabler/icons-react";
import { useLocation } from "wouter";
import { t } from "../../lib/i18n";
import { attempt, openDirect } from "../actions";
import { useChat, useChatState, useMyself, useStoreValue } from "../context";
import { mayChat } from "../parts/PeoplePicker";
import { PersonCard } from "./PersonCard";

/** Somebody's contact card, over whatever page one is on. */
export default function CardDrawer() {
  const chat = useChat();
  const me = useMyself();
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
    >
      {person && (
        <>
          <PersonCard person={person} />
          {me.can.includes("chat") && mayChat(person) && (
            <Button
              fullWidth
              size="md"
              leftSection={<IconMessage size={18} stroke={1.7} aria-hidden />}
              onClick={() => void write(person.id)}
              aria-label={t("chat.people.chatWith", { name: person.name })}
            >
              {t("chat.people.chat")}
            </Button>
          )}
        </>
      )}
    </Drawer>
  );
}
