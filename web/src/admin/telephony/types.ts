import type { Language } from "../../lib/types";

export type NumberKind = "extension" | "fixed" | "mobile" | "main";

/** A number of the company's plan: E.164 or a short extension, and how it is written. */
export interface PlanNumber {
  number: string;
  kind: NumberKind;
  user_id: string | null;
  display: string;
}

/** A telephone exchange that may ask. */
export interface Exchange {
  id: string;
  name: string;
  key: string;
  created_at: string;
  last_used_at: string | null;
  /** Until when the secret before this one is still good. */
  before_until?: string | null;
}

export interface NewSecret extends Exchange {
  secret: string;
}

/** What a caller hears. */
export interface Announced {
  text: string;
  language: Language;
  audio: Record<"8000" | "16000", string> | null;
}

export interface Step {
  do: string;
  user_id?: string;
  numbers?: string[];
  number?: string;
  queue?: string;
  seconds?: number;
  vip?: boolean;
  text?: string;
  language?: Language;
  audio?: Record<"8000" | "16000", string> | null;
  options?: Record<string, string>;
  cause?: string;
  stage?: string;
}

export interface Simulated {
  decision: { steps: Step[]; present?: { name?: string; tags?: string[] } };
  why: { code: string; text: string }[];
  announcement: Announced | null;
}

/** A phrase that can be recorded, and whether it has been. */
export interface ClipRow {
  key: string;
  text: string;
  language: Language;
  recorded: boolean;
  seconds: number | null;
  url: string | null;
}
