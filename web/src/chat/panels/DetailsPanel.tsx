import { t } from "../../lib/i18n";
import type { Room } from "../../lib/types";
import { useChatState } from "../context";
import { otherIn } from "../names";
import { GroupHead } from "./GroupHead";
import { Members } from "./Members";
import { NotifySettings } from "./NotifySettings";
import { PanelFrame } from "./PanelFrame";
import { PersonCard } from "./PersonCard";

interface Props {
  room: Room;
  onClose(): void;
}

/** Everything about the room but its messages. */
export default function DetailsPanel({ room, onClose }: Props) {
  const person = useChatState((state) =>
    room.kind === "direct" ? state.people[otherIn(room, state.me?.id ?? "")] : undefined,
  );
  return (
    <PanelFrame title={t("chat.details.title")} onClose={onClose}>
      {person && <PersonCard person={person} />}
      {room.kind === "group" && <GroupHead room={room} />}
      <NotifySettings room={room} />
      {room.kind === "group" && <Members room={room} onLeft={onClose} />}
    </PanelFrame>
  );
}
