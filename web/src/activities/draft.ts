import type { ActivityType, DefaultEnd, Wording } from "../lib/types";

/** An activity as it is being written. */
export interface TypeDraft {
  label: Wording;
  spoken: Wording;
  closes_phone: boolean;
  default_end: DefaultEnd;
  vip_through: boolean;
  queue: "keep" | "pause";
  colour: string;
  icon: string;
  hidden: boolean;
}

export const NEW_TYPE: TypeDraft = {
  label: { sv: "", en: "" },
  spoken: { sv: "", en: "" },
  closes_phone: true,
  default_end: { kind: "minutes", minutes: 60 },
  vip_through: true,
  queue: "keep",
  colour: "blue",
  icon: "star",
  hidden: false,
};

export function draftOf(type: ActivityType): TypeDraft {
  const { label, spoken, closes_phone, default_end, vip_through, queue, colour, icon, hidden } =
    type;
  return {
    label: { ...label },
    spoken: { ...spoken },
    closes_phone,
    default_end: { ...default_end },
    vip_through,
    queue,
    colour,
    icon,
    hidden,
  };
}

/** As it is saved: one language stands for both where the other is left empty; nothing is spoken
 * of a phone that is open. Pure. */
export function tidy(draft: TypeDraft): TypeDraft {
  const { kind, minutes } = draft.default_end;
  return {
    ...draft,
    label: both(draft.label),
    spoken: draft.closes_phone ? both(draft.spoken) : { sv: "", en: "" },
    default_end: { kind, minutes: kind === "minutes" ? (minutes ?? 60) : null },
  };
}

function both({ sv, en }: Wording): Wording {
  const [swedish, english] = [sv.trim(), en.trim()];
  return { sv: swedish || english, en: english || swedish };
}

/** What a row of the editor is: as it comes, changed here, or made here. */
export type Origin = "given" | "changed" | "made";

/** Whose version *type* is, for who edits at *scope*; *given* are the types that come from above. */
export function originOf(
  type: ActivityType,
  scope: "own" | "company",
  given: ActivityType[],
): Origin {
  if (type.scope !== scope) return "given";
  return isGiven(type.id, scope, given) ? "changed" : "made";
}

const STANDARD = new Set([
  "available",
  "meeting",
  "lunch",
  "break",
  "out",
  "business_trip",
  "home",
  "training",
  "gone_for_day",
  "vacation",
  "sick",
  "do_not_disturb",
]);

function isGiven(id: string, scope: "own" | "company", given: ActivityType[]): boolean {
  return STANDARD.has(id) || (scope === "own" && given.some((type) => type.id === id));
}
