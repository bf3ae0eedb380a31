import {
  IconArrowsSplit2,
  IconBell,
  IconHelpCircle,
  IconMicrophone,
  IconPhoneCall,
  IconPhoneIncoming,
  IconPhoneOff,
  IconPhoneX,
  IconUsersGroup,
  IconVolume,
  type TablerIcon,
} from "@tabler/icons-react";
import { Player } from "../../activities/Player";
import { useChatState } from "../../chat/context";
import { t } from "../../lib/i18n";
import { type Names, said } from "./steps";
import styles from "./telephony.module.css";
import type { Simulated, Step } from "./types";

const ICONS: Record<string, TablerIcon> = {
  ring: IconBell,
  connect: IconPhoneCall,
  queue: IconUsersGroup,
  announce: IconVolume,
  choice: IconArrowsSplit2,
  voicemail: IconMicrophone,
  hangup: IconPhoneOff,
  reject: IconPhoneX,
};

/** What happens to the call, step by step from the top, and why. */
export function CallFlow({ found }: { found: Simulated }) {
  const people = useChatState((state) => state.people);
  const names: Names = (id) => people[id]?.name ?? t("chat.someone");
  return (
    <section ref={intoView} className={styles.outcome} aria-label={t("telephony.outcome")}>
      <ol className={styles.flow}>
        <li className={styles.node} data-do="start">
          <span className={styles.nodeIcon} aria-hidden>
            <IconPhoneIncoming size={20} stroke={1.7} />
          </span>
          <div className={styles.nodeText}>
            <b>{t("telephony.arrives")}</b>
            <ul className={styles.why}>
              {found.why.map((reason) => (
                <li key={reason.code}>{reason.text}</li>
              ))}
            </ul>
          </div>
        </li>
        {found.decision.steps.map((step, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are an order, and nothing else
          <StepNode key={at} step={step} names={names} />
        ))}
      </ol>
    </section>
  );
}

function StepNode({ step, names }: { step: Step; names: Names }) {
  const Icon = ICONS[step.do] ?? IconHelpCircle;
  return (
    <li className={styles.node} data-do={step.do}>
      <span className={styles.nodeIcon} aria-hidden>
        <Icon size={20} stroke={1.7} />
      </span>
      <div className={styles.nodeText}>
        <b>{said(step, names)}</b>
        {step.do === "announce" && step.text && (
          <figure className={styles.heard}>
            <blockquote lang={step.language}>{step.text}</blockquote>
            {step.audio && <Player src={step.audio["16000"]} label={step.text} />}
          </figure>
        )}
        {step.do === "choice" && (
          <dl className={styles.keys}>
            {Object.entries(step.options ?? {}).map(([digit, number]) => (
              <div key={digit}>
                <dt>{digit}</dt>
                <dd>{t(`telephony.choice.${digit}`, { number })}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </li>
  );
}

/** On a phone the outcome is below what one filled in. */
function intoView(outcome: HTMLElement | null): void {
  outcome?.scrollIntoView({ block: "nearest" });
}
