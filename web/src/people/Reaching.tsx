import { Menu, UnstyledButton } from "@mantine/core";
import {
  IconBan,
  IconCrown,
  IconDeviceMobileMessage,
  IconDots,
  IconMail,
  IconMessage,
  IconPhone,
  IconStar,
  IconStarFilled,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useMyself } from "../chat/context";
import { mayChat } from "../chat/parts/PeoplePicker";
import { useFavourite } from "../contacts/favourites";
import { t } from "../lib/i18n";
import type { Person } from "../lib/types";
import { dialled, numbersOf, textable, written } from "./numbers";
import styles from "./Reaching.module.css";

interface Props {
  person: Person;
  onChat?: (() => void) | undefined;
}

const ICON = { size: 20, stroke: 1.7, "aria-hidden": true };

/** The ways to somebody, as a row of buttons: call, text, mail, chat, and what I decided about them. */
export function Reaching({ person, onChat }: Props) {
  const me = useMyself();
  const [first] = numbersOf(person);
  const mobile = textable(person);
  const others = person.id !== me.id && person.role !== "bot";
  return (
    <div className={styles.row}>
      {first && (
        <Way
          href={`tel:${dialled(first.number)}`}
          icon={<IconPhone {...ICON} />}
          word={t("people.call")}
          label={t("people.callAt", { name: person.name, number: written(first) })}
        />
      )}
      {mobile && (
        <Way
          href={`sms:${dialled(mobile)}`}
          icon={<IconDeviceMobileMessage {...ICON} />}
          word={t("people.text")}
          label={t("people.textNumber", { number: mobile })}
        />
      )}
      {person.email && (
        <Way
          href={`mailto:${person.email}`}
          icon={<IconMail {...ICON} />}
          word={t("people.mail")}
        />
      )}
      {onChat && me.can.includes("chat") && mayChat(person) && (
        <UnstyledButton
          className={styles.way}
          onClick={onChat}
          aria-label={t("chat.people.chatWith", { name: person.name })}
        >
          <IconMessage {...ICON} />
          {t("people.chat")}
        </UnstyledButton>
      )}
      {others && <Marking person={person} />}
    </div>
  );
}

interface WayProps {
  href: string;
  icon: ReactNode;
  word: string;
  label?: string;
}

function Way({ href, icon, word, label }: WayProps) {
  return (
    <a className={styles.way} href={href} aria-label={label}>
      {icon}
      {word}
    </a>
  );
}

/** Favourite, VIP, blocked. */
function Marking({ person }: { person: Person }) {
  const { star, vip, blocked, set } = useFavourite("person", person.id);
  return (
    <>
      <UnstyledButton
        className={styles.way}
        data-on={star || undefined}
        aria-pressed={star}
        aria-label={t("people.starOf", { name: person.name })}
        onClick={() => void set({ star: !star })}
      >
        {star ? <IconStarFilled size={20} aria-hidden /> : <IconStar {...ICON} />}
        {t("people.starred.on")}
      </UnstyledButton>
      <Menu position="bottom-end" width={310} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <UnstyledButton
            className={styles.way}
            aria-label={t("people.more", { name: person.name })}
            data-vip={vip || undefined}
            data-blocked={blocked || undefined}
          >
            {blocked ? (
              <IconBan {...ICON} />
            ) : vip ? (
              <IconCrown {...ICON} />
            ) : (
              <IconDots {...ICON} />
            )}
            {t("people.moreShort")}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.CheckboxItem
            checked={vip}
            rightSection={<IconCrown size={18} stroke={1.7} aria-hidden />}
            onChange={(on) => void set({ vip: on })}
          >
            {t("people.vip")}
          </Menu.CheckboxItem>
          <Menu.CheckboxItem
            checked={blocked}
            rightSection={<IconBan size={18} stroke={1.7} aria-hidden />}
            onChange={(on) => void set({ blocked: on })}
          >
            {t("people.block")}
          </Menu.CheckboxItem>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
