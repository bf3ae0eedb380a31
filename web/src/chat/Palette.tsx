import "@mantine/spotlight/styles.css";
import { useMantineColorScheme } from "@mantine/core";
import { Spotlight, type SpotlightActionData } from "@mantine/spotlight";
import {
  IconAddressBook,
  IconCalendarCog,
  IconEdit,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSettings,
  IconUserCircle,
  IconUsers,
} from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import { useActivityActions } from "../activities/useActivityActions";
import { CALENDARS } from "../calendars/consent";
import { mayHaveCalendars } from "../calendars/right";
import { t } from "../lib/i18n";
import { signOut } from "../lib/session";
import { attempt, openDirect } from "./actions";
import { useChat, useChatState, useMyself } from "./context";
import { byLatest, folded, matches, roomName } from "./names";
import { Avatar, RoomAvatar } from "./parts/Avatar";
import { mayChat } from "./parts/PeoplePicker";

const SHOWN = 6;

/** Ctrl-K: to any room, person, page or command. */
export default function Palette({ onNew }: { onNew(): void }) {
  const [query, setQuery] = useState("");
  const rooms = useRoomActions(query);
  const people = usePeopleActions(query);
  const activities = useActivityActions(query);
  const commands = useCommandActions(query, onNew);
  const groups: [string, SpotlightActionData[]][] = [
    // What only leads somewhere comes first: Enter should not change what one does by accident.
    [t("chat.palette.rooms"), rooms],
    [t("chat.palette.people"), people],
    [t("activities.palette"), activities],
    [t("chat.palette.commands"), commands],
  ];
  const empty = groups.every(([, actions]) => actions.length === 0);
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      scrollable
      maxHeight={460}
      radius="lg"
      // At a fixed height: in the middle it would jump with every letter.
      centered={false}
      yOffset="12vh"
      size={600}
      transitionProps={{ duration: 120 }}
      attributes={{ content: { "aria-label": t("chat.palette.open") } }}
    >
      <Spotlight.Search
        placeholder={t("chat.palette.placeholder")}
        aria-label={t("chat.palette.placeholder")}
        leftSection={<IconSearch size={20} stroke={1.6} />}
      />
      <Spotlight.ActionsList>
        {groups.map(
          ([label, actions]) =>
            actions.length > 0 && (
              <Spotlight.ActionsGroup key={label} label={label}>
                {actions.map(({ id, ...action }) => (
                  <Spotlight.Action key={id} {...action} />
                ))}
              </Spotlight.ActionsGroup>
            ),
        )}
        {empty && <Spotlight.Empty>{t("chat.palette.none")}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function useRoomActions(query: string): SpotlightActionData[] {
  const [, navigate] = useLocation();
  const me = useMyself();
  const rooms = useChatState((state) => state.rooms);
  const names = useChatState((state) =>
    Object.fromEntries(Object.values(state.rooms).map((room) => [room.id, roomName(room, state)])),
  );
  return useMemo(() => {
    if (!me.can.includes("chat")) return [];
    return Object.values(rooms)
      .filter((room) => matches(names[room.id] ?? "", query))
      .sort(byLatest)
      .slice(0, SHOWN)
      .map((room) => ({
        id: room.id,
        label: names[room.id] ?? "",
        description: room.topic || undefined,
        leftSection: <RoomAvatar room={room} size={30} />,
        onClick: () => navigate(`/room/${room.id}`),
      }));
  }, [rooms, names, query, navigate, me]);
}

function usePeopleActions(query: string): SpotlightActionData[] {
  const chat = useChat();
  const [, navigate] = useLocation();
  const people = useChatState((state) => state.people);
  const me = useMyself();
  if (query.trim() === "" || !me.can.includes("chat")) return [];
  return Object.values(people)
    .filter(
      (one) =>
        mayChat(one) && matches(`${one.name} ${one.handle} ${one.title} ${one.department}`, query),
    )
    .sort((a, b) => a.name.localeCompare(b.name))
    .slice(0, SHOWN)
    .map((one) => ({
      id: one.id,
      label: one.name,
      description: [one.title, one.department].filter(Boolean).join(" · ") || undefined,
      leftSection: <Avatar person={one} size={30} presence />,
      onClick: () =>
        void attempt(async () => {
          const room = await openDirect(chat, one.id);
          navigate(`/room/${room.id}`);
        }),
    }));
}

function useCommandActions(query: string, onNew: () => void): SpotlightActionData[] {
  const me = useMyself();
  const [, navigate] = useLocation();
  const { setColorScheme, colorScheme } = useMantineColorScheme();
  const icon = { size: 20, stroke: 1.6 };
  const chats = me.can.includes("chat");
  const admin = me.can.includes("admin") || me.can.includes("operator");
  const all: (SpotlightActionData | false)[] = [
    chats && {
      id: "new",
      label: t("chat.new.title"),
      leftSection: <IconEdit {...icon} />,
      onClick: onNew,
    },
    {
      id: "people",
      label: t("chat.rail.people"),
      leftSection: <IconUsers {...icon} />,
      onClick: () => navigate("/people"),
    },
    {
      id: "contacts",
      label: t("contacts.title"),
      leftSection: <IconAddressBook {...icon} />,
      onClick: () => navigate("/contacts"),
    },
    {
      id: "profile",
      label: t("chat.rail.profile"),
      leftSection: <IconUserCircle {...icon} />,
      onClick: () => navigate("/profile"),
    },
    mayHaveCalendars(me) && {
      id: "calendars",
      label: t("calendars.title"),
      leftSection: <IconCalendarCog {...icon} />,
      onClick: () => navigate(CALENDARS),
    },
    admin && {
      id: "admin",
      label: t("chat.rail.admin"),
      leftSection: <IconSettings {...icon} />,
      onClick: () => navigate("/admin"),
    },
    {
      id: "scheme",
      label: t("chat.palette.scheme"),
      leftSection: <IconMoon {...icon} />,
      onClick: () => setColorScheme(colorScheme === "dark" ? "light" : "dark"),
    },
    {
      id: "out",
      label: t("chat.rail.signOut"),
      leftSection: <IconLogout {...icon} />,
      onClick: () => void attempt(signOut),
    },
    // Last: what is there by that name comes before what was said about it.
    chats &&
      query.trim() !== "" && {
        id: "search",
        label: t("chat.palette.search", { query: query.trim() }),
        leftSection: <IconSearch {...icon} />,
        onClick: () => navigate(`/search?query=${encodeURIComponent(query.trim())}`),
      },
    query.trim() !== "" && {
      id: "contact-search",
      label: t("contacts.searchFor", { query: query.trim() }),
      leftSection: <IconAddressBook {...icon} />,
      onClick: () => navigate(`/contacts?query=${encodeURIComponent(query.trim())}`),
    },
  ];
  return all
    .filter((action) => action !== false)
    .filter(
      (action) =>
        action.id === "search" || folded(action.label ?? "").includes(folded(query.trim())),
    );
}
