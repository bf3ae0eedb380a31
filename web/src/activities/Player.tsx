import { UnstyledButton } from "@mantine/core";
import { IconPlayerPlayFilled, IconPlayerStopFilled } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { t } from "../lib/i18n";
import styles from "./activities.module.css";

interface Props {
  src: string;
  /** What is heard, for who cannot see it: "Vad uppringare hör nu". */
  label: string;
}

/** One sound at a time on the page. */
let playing: HTMLAudioElement | null = null;

/** Play a sound, stop it, see how far it has come. */
export function Player({ src, label }: Props) {
  const audio = useRef<HTMLAudioElement>(null);
  const [on, setOn] = useState(false);
  const [done, setDone] = useState(0);
  const [failed, setFailed] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another sound starts from the beginning
  useEffect(() => {
    const element = audio.current;
    setFailed(false);
    setDone(0);
    return () => element?.pause();
  }, [src]);

  const toggle = async () => {
    const element = audio.current;
    if (!element) return;
    if (on) return stop(element);
    setFailed(false);
    if (playing !== element) playing?.pause();
    playing = element;
    try {
      // After a failure the element would not ask again by itself.
      if (element.error) element.load();
      await element.play();
    } catch (error) {
      // Stopped before it began is no failure.
      if (!(error instanceof DOMException && error.name === "AbortError")) setFailed(true);
    }
  };
  return (
    <div className={styles.player}>
      <audio
        ref={audio}
        src={src}
        preload="none"
        onPlay={() => setOn(true)}
        onPause={() => setOn(false)}
        onEnded={() => setDone(0)}
        onError={() => setOn(false)}
        onTimeUpdate={({ currentTarget }) =>
          setDone(currentTarget.currentTime / (currentTarget.duration || Number.POSITIVE_INFINITY))
        }
      >
        <track kind="captions" />
      </audio>
      <UnstyledButton
        className={styles.play}
        data-on={on || undefined}
        onClick={() => void toggle()}
        aria-label={`${t(on ? "people.heard.stop" : "people.heard.play")}: ${label}`}
      >
        {on ? <IconPlayerStopFilled size={16} aria-hidden /> : null}
        {on ? null : <IconPlayerPlayFilled size={16} aria-hidden />}
      </UnstyledButton>
      <span className={styles.track} aria-hidden>
        <span style={{ width: `${Math.min(1, done) * 100}%` }} />
      </span>
      {failed && (
        <p className={styles.failed} role="alert">
          {t("people.heard.failed")}
        </p>
      )}
    </div>
  );
}

function stop(element: HTMLAudioElement): void {
  element.pause();
  element.currentTime = 0;
}
