import { Button } from "@mantine/core";
import { IconChevronRight, IconEyeOff, IconPlus } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { Loading } from "../account/parts/Loading";
import { useLoad } from "../account/parts/useLoad";
import { useChatState, useMyself } from "../chat/context";
import { currentLanguage, t } from "../lib/i18n";
import type { ActivityType } from "../lib/types";
import { lookOf, wordsOf } from "./activity";
import { originOf } from "./draft";
import styles from "./editor.module.css";
import { usualText } from "./ends";
import { Sign } from "./Sign";
import { TypeDialog } from "./TypeDialog";

export type Scope = "own" | "company";

interface Kinds {
  company: ActivityType[];
  own?: ActivityType[];
}

/** The activities of a company or of oneself: change any, make new ones, go back to how they came. */
export function ActivityEditor({ scope }: { scope: Scope }) {
  const loaded = useKinds(scope);
  const [open, setOpen] = useState<ActivityType | "new" | null>(null);
  const close = () => {
    setOpen(null);
    void loaded.reload();
  };
  const origin = (type: ActivityType) => originOf(type, scope, loaded.data?.company ?? []);
  const row = (type: ActivityType) => (
    <TypeRow
      key={type.id}
      type={type}
      scope={scope}
      origin={origin(type)}
      onOpen={() => setOpen(type)}
    />
  );
  return (
    <Loading from={loaded} rows={12} height={60}>
      {({ company, own = [] }) => {
        const types = merged(company, own, scope);
        const hidden = types.filter((type) => type.hidden);
        return (
          <>
            <ul className={styles.list}>{types.filter((type) => !type.hidden).map(row)}</ul>
            {hidden.length > 0 && (
              <>
                <h3 className={styles.hiddenHead}>
                  <IconEyeOff size={16} stroke={1.8} aria-hidden /> {t("activities.editor.hidden")}
                </h3>
                <ul className={styles.list}>{hidden.map(row)}</ul>
              </>
            )}
            <Button
              mt="md"
              variant="light"
              leftSection={<IconPlus size={17} stroke={2} aria-hidden />}
              onClick={() => setOpen("new")}
            >
              {t("activities.editor.add")}
            </Button>
            {open && (
              <TypeDialog
                type={open === "new" ? null : open}
                origin={open === "new" ? "made" : origin(open)}
                scope={scope}
                onClose={close}
              />
            )}
          </>
        );
      }}
    </Loading>
  );
}

/** What there is to edit, asked for again when somebody changes it elsewhere. */
function useKinds(scope: Scope) {
  const me = useMyself();
  const loaded = useLoad<Kinds>(scope === "company" ? "/api/admin/activities" : "/api/activities");
  const company = useChatState((state) => state.activities);
  const own = useChatState((state) => state.people[me.id]?.activity_types);
  const known = JSON.stringify([company, own]);
  const last = useRef(known);
  const { reload } = loaded;
  useEffect(() => {
    if (last.current === known) return;
    last.current = known;
    void reload();
  }, [known, reload]);
  return loaded;
}

/** The company's with my own in their places, in order. */
function merged(company: ActivityType[], own: ActivityType[], scope: Scope): ActivityType[] {
  const types = new Map(company.map((type) => [type.id, type]));
  for (const type of own) types.set(type.id, type);
  // What the company hides is not for me to bring back, unless I made it mine.
  return [...types.values()]
    .filter((type) => scope === "company" || !type.hidden || type.scope === "own")
    .sort((a, b) => a.position - b.position || a.id.localeCompare(b.id));
}

interface RowProps {
  type: ActivityType;
  scope: Scope;
  origin: ReturnType<typeof originOf>;
  onOpen(): void;
}

function TypeRow({ type, scope, origin, onOpen }: RowProps) {
  const { label, icon, colour } = lookOf(type);
  const spoken = wordsOf(type.spoken, currentLanguage());
  const facts = [
    t(type.closes_phone ? "activities.closed" : "activities.open"),
    type.id === "available" ? "" : usualText(type, null, Date.now()),
  ];
  return (
    <li>
      <button
        type="button"
        className={styles.row}
        data-hidden={type.hidden || undefined}
        onClick={onOpen}
      >
        <Sign icon={icon} colour={colour} size={40} />
        <span className={styles.words}>
          <span className={styles.name}>
            <b>{label}</b>
            {origin !== "given" && (
              <span className={styles.badge}>{t(`activities.editor.${origin}.${scope}`)}</span>
            )}
          </span>
          <small>{facts.filter(Boolean).join(" · ")}</small>
        </span>
        {spoken && <q className={styles.spoken}>{spoken}</q>}
        <IconChevronRight size={18} stroke={1.8} aria-hidden />
      </button>
    </li>
  );
}
