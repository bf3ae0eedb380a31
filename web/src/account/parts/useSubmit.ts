import { useCallback, useEffect, useRef, useState } from "react";
import { t } from "../../lib/i18n";
import { Problem } from "../../lib/problem";
import { aboveForm, atField, secondsLeft } from "./problemText";

export interface Submit {
  busy: boolean;
  /** Seconds to wait before the next try, when the server said too fast. */
  wait: number;
  /** The sentence for the form as a whole. */
  message: string | undefined;
  /** The sentence for one field. */
  at: (name: string) => string | undefined;
  clear: () => void;
  /** Run *work*; true when it succeeded. A refusal is kept for the form to show. */
  run: (work: () => Promise<unknown>) => Promise<boolean>;
  /** Put on the form, so that the first field in error gets the focus. */
  form: React.RefObject<HTMLFormElement | null>;
}

/** A form's conversation with the server. *fields* are the names that have a place on screen. */
export function useSubmit(fields: readonly string[] = []): Submit {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [until, setUntil] = useState(0);
  const wait = useSecondsLeft(until);
  const form = useRef<HTMLFormElement>(null);

  const run = useCallback(async (work: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
      return true;
    } catch (error) {
      const found = error instanceof Problem ? error : unexpected();
      setProblem(found);
      if (found.type === "too-fast") setUntil(Date.now() + (found.retryAfter ?? 5) * 1000);
      return false;
    } finally {
      setBusy(false);
    }
  }, []);

  useEffect(() => {
    if (!problem?.field) return;
    form.current?.querySelector<HTMLElement>("[aria-invalid='true']")?.focus();
  }, [problem]);

  const tooFast = problem?.type === "too-fast";
  return {
    busy,
    wait,
    message: tooFast ? waiting(wait) : aboveForm(problem, fields),
    at: (name) => (tooFast ? undefined : atField(problem, name)),
    clear: () => setProblem((old) => (old?.type === "too-fast" && wait > 0 ? old : null)),
    run,
    form,
  };
}

function unexpected(): Problem {
  return new Problem({ type: "/problems/unexpected", detail: t("common.unexpected") });
}

function waiting(seconds: number): string | undefined {
  return seconds > 0 ? t("account.tooFast", { count: seconds }) : undefined;
}

function useSecondsLeft(until: number): number {
  const [now, setNow] = useState(() => Date.now());
  const left = secondsLeft(until, now);
  useEffect(() => {
    setNow(Date.now());
    if (until <= Date.now()) return;
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() >= until) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [until]);
  return left;
}
