import { notifications } from "@mantine/notifications";
import { api, sentence } from "../../lib/api";
import { t } from "../../lib/i18n";
import { NoRecording, wavOf } from "../../lib/recording";
import type { ClipRow } from "./types";

export const LARGEST = 2_000_000;

const READABLE = new Set(["audio/wav", "audio/x-wav", "audio/wave", "audio/flac", "audio/mpeg"]);

export function clipPath({ language, key }: ClipRow): string {
  return `/api/admin/clips/${language}/${encodeURIComponent(key)}`;
}

/** Use a sound as the recording of a phrase. What the server may not read becomes WAV here. */
export async function sendClip(clip: ClipRow, sound: Blob): Promise<ClipRow> {
  const readable = READABLE.has(sound.type) ? sound : await wavOf(sound);
  return api.send<ClipRow>("PUT", clipPath(clip), readable, readable.type);
}

/** Why there is no recording, in words. */
export function whyNot(error: unknown): string {
  return error instanceof NoRecording ? t(`account.recordTrouble.${error.why}`) : sentence(error);
}

/** Run *work*; a hindrance is shown as a passing note. */
export async function attemptClip(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    notifications.show({ message: whyNot(error), color: "falu" });
  }
}
