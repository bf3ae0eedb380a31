import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { LONGEST_MS, type Recording, record } from "../../lib/recording";
import { whyNot } from "./clip";

type Doing = "idle" | "recording" | "saving";

export interface Recorder {
  state: Doing;
  problem: string;
  start(): void;
  stop(): void;
  level(): number;
}

/** The microphone, from the click that starts it to the sound that is saved. */
export function useRecorder(save: (sound: Blob) => Promise<void>): Recorder {
  const [state, setState] = useState<Doing>("idle");
  const [problem, setProblem] = useState("");
  const going = useRef<Recording | null>(null);
  const gone = useRef(false);
  const keep = useRef(save);
  keep.current = save;

  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
      going.current?.cancel();
    };
  }, []);

  const start = useCallback(async () => {
    setProblem("");
    try {
      const started = await record();
      if (gone.current) return started.cancel();
      going.current = started;
      setState("recording");
    } catch (error) {
      setProblem(whyNot(error));
    }
  }, []);
  const stop = useCallback(async () => {
    const ended = going.current;
    going.current = null;
    if (!ended) return;
    setState("saving");
    try {
      await keep.current(await ended.stop());
    } catch (error) {
      setProblem(whyNot(error));
    }
    setState("idle");
  }, []);

  // A microphone that was forgotten does not run for ever.
  useEffect(() => {
    if (state !== "recording") return;
    const timer = setTimeout(() => void stop(), LONGEST_MS);
    return () => clearTimeout(timer);
  }, [state, stop]);

  return useMemo(
    () => ({
      state,
      problem,
      start: () => void start(),
      stop: () => void stop(),
      level: () => going.current?.level() ?? 0,
    }),
    [state, problem, start, stop],
  );
}
