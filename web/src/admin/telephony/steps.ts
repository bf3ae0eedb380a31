import { t } from "../../lib/i18n";
import type { Step } from "./types";

export type Names = (userId: string) => string;

/** A step of a decision in words. */
export function said(step: Step, names: Names): string {
  const name = step.user_id ? names(step.user_id) : "";
  const number = step.number ?? step.numbers?.join(", ") ?? "";
  switch (step.do) {
    case "ring": {
      const key = step.vip ? "telephony.step.ringVip" : "telephony.step.ring";
      return t(key, { name: name || number, count: step.seconds ?? 0 });
    }
    case "connect":
      return t("telephony.step.connect", { number });
    case "queue": {
      const queue = step.queue ?? "";
      return t(queue === "switchboard" ? "telephony.step.switchboard" : "telephony.step.queue", {
        queue,
      });
    }
    case "voicemail":
      return t(name ? "telephony.step.voicemailOf" : "telephony.step.voicemail", { name });
    case "reject":
      return t(step.cause === "busy" ? "telephony.step.busy" : "telephony.step.reject");
    case "announce":
    case "choice":
    case "hangup":
    case "ask_again":
      return t(`telephony.step.${step.do}`);
    default:
      return step.do;
  }
}
