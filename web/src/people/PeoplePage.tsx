import { IconUsers } from "@tabler/icons-react";
import {
  forwardRef,
  type HTMLAttributes,
  useDeferredValue,
  useMemo,
  useRef,
  useState,
} from "react";
import { GroupedVirtuoso, type GroupedVirtuosoHandle } from "react-virtuoso";
import { useClock } from "../activities/clock";
import { useChatState } from "../chat/context";
import { Empty } from "../chat/parts/Empty";
import { useFavourites } from "../contacts/favourites";
import { t } from "../lib/i18n";
import type { Person } from "../lib/types";
import { departments, EVERYBODY, grouped, type View } from "./filter";
import { PeopleHead } from "./PeopleHead";
import styles from "./PeoplePage.module.css";
import { PersonRow } from "./PersonRow";
import { useRowKeys } from "./useRowKeys";

const MINUTE_MS = 60_000;

/** The company's people: who they are, what they do until when, and one click to each of them. */
export default function PeoplePage() {
  const [view, setView] = useState<View>(EVERYBODY);
  const list = useRef<GroupedVirtuosoHandle>(null);
  const page = useRowKeys();
  const people = useDeferredValue(useChatState((state) => state.people));
  const everybody = useMemo(() => Object.values(people), [people]);
  const groups = useGroups(everybody, view);
  const shown = useMemo(() => groups.flatMap((group) => group.people), [groups]);
  const counts = useMemo(() => groups.map((group) => group.people.length), [groups]);
  const change = (next: Partial<View>) => {
    setView((old) => ({ ...old, ...next }));
    list.current?.scrollTo({ top: 0 });
  };
  return (
    <div className={styles.page} ref={page}>
      <PeopleHead
        view={view}
        count={shown.length}
        departments={useMemo(() => departments(everybody), [everybody])}
        onChange={change}
      />
      {shown.length === 0 ? (
        <Empty icon={<IconUsers size={32} stroke={1.5} />} title={t("chat.people.none")} />
      ) : (
        <GroupedVirtuoso
          ref={list}
          className={styles.list}
          groupCounts={counts}
          increaseViewportBy={300}
          components={{ List, Item, Group }}
          groupContent={(index) => <Heading title={groups[index]?.title ?? ""} />}
          itemContent={(index) => {
            const person = shown[index];
            return person && <PersonRow person={person} />;
          }}
        />
      )}
    </div>
  );
}

function useGroups(everybody: Person[], view: View) {
  const company = useChatState((state) => state.activities);
  const favourites = useFavourites();
  // Who can be reached changes with the clock; a minute is fine enough for a list.
  const minute = useClock((now) => Math.floor(now / MINUTE_MS));
  const deferred = useDeferredValue(view);
  return useMemo(() => {
    const stars = favourites.flatMap((one) => (one.star && one.user_id ? [one.user_id] : []));
    const known = { company, starred: new Set(stars), now: minute * MINUTE_MS };
    return grouped(everybody, deferred, known);
  }, [everybody, deferred, company, favourites, minute]);
}

function Heading({ title }: { title: string }) {
  return (
    <div className={styles.slot}>
      <h2 className={styles.letter}>{title}</h2>
    </div>
  );
}

type Parts = HTMLAttributes<HTMLDivElement>;

const List = forwardRef<HTMLDivElement, Parts>(function List(props, ref) {
  return <div {...props} ref={ref} role="list" aria-label={t("chat.people.title")} />;
});

function Item(props: Parts) {
  return <div {...props} role="listitem" />;
}

function Group(props: Parts) {
  return <div {...props} role="listitem" />;
}
