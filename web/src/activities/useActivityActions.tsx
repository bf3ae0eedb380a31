import type { SpotlightActionData } from "@mantine/spotlight";
import { attempt } from "../chat/actions";
import { useChat, useChatState, useMyself } from "../chat/context";
import { t } from "../lib/i18n";
import type { ActivityType } from "../lib/types";
import { AVAILABLE, choices, lookOf } from "./activity";
import { choose } from "./choose";
import { asksEnd, USUAL, usualText, type Work } from "./ends";
import { openQuickMenu } from "./open";
import { Sign } from "./Sign";
import { back } from "./when";
import { wished, wishOf } from "./wish";

const SHOWN = 4;

/** Ctrl-K: "lunch", "möte 1 h", "rast till 15" choose an activity on the spot. */
export function useActivityActions(query: string): SpotlightActionData[] {
  const chat = useChat();
  const me = useMyself();
  const company = useChatState((state) => state.activities);
  if (!me.can.includes("activities")) return [];
  const now = Date.now();
  const wish = wishOf(query, now);
  const work = { hours: me.working_hours, zone: me.time_zone };
  const types = choices(company, me.activity_types);
  const whole = wished(types, query);
  const found = whole.length > 0 ? whole : wished(types, wish.words);
  const until = whole.length > 0 ? null : wish.until;
  return found.slice(0, SHOWN).map((type) => {
    const { label, icon, colour } = lookOf(type);
    return {
      id: `activity ${type.id}`,
      label,
      description: endText(type, until, work, now),
      leftSection: <Sign icon={icon} colour={colour} size={30} />,
      onClick: () => {
        if (until === null && asksEnd(type, USUAL)) openQuickMenu(type.id);
        else void attempt(() => choose(chat, choiceOf(type, until)));
      },
    };
  });
}

function endText(type: ActivityType, until: number | null, work: Work, now: number) {
  if (type.id === AVAILABLE) return undefined;
  if (until === null) return usualText(type, work, now);
  return t("activities.paletteUntil", { time: back(new Date(until).toISOString(), now) });
}

function choiceOf(type: ActivityType, until: number | null) {
  const ends = until !== null && type.id !== AVAILABLE;
  return { activity_id: type.id, ...(ends ? { until: new Date(until).toISOString() } : {}) };
}
