import { wavOf } from "./wav";

export const RATE = 16_000;

/** Why nothing could be recorded: `account.recordTrouble.…` says it in words. */
export type Trouble = "refused" | "missing" | "impossible" | "silent";

export class CannotRecord extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble);
    this.name = "CannotRecord";
    this.trouble = trouble;
  }
}

/** A recording going on. It must be finished or cancelled, or the microphone stays on. */
export interface Recording {
  /** How loud it is just now, 0 to 1. */
  level(): number;
  /** Stop, and hand over the sound as a WAV of one channel at 16 kHz. Throws CannotRecord. */
  finish(): Promise<Blob>;
  cancel(): void;
}

/** Listen to the microphone. Throws CannotRecord, with the reason. */
export async function record(): Promise<Recording> {
  const { mediaDevices } = navigator;
  if (!mediaDevices || typeof MediaRecorder === "undefined") throw new CannotRecord("impossible");
  const stream = await microphone(mediaDevices);
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const recorder = new MediaRecorder(stream);
  const pieces: Blob[] = [];
  recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
  const stopped = new Promise<void>((resolve) => {
    recorder.addEventListener("stop", () => resolve(), { once: true });
  });
  recorder.start();
  const release = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  return {
    level: () => loudness(analyser),
    finish: async () => {
      if (recorder.state !== "inactive") recorder.stop();
      await stopped;
      release();
      try {
        return await converted(context, new Blob(pieces, { type: recorder.mimeType }));
      } finally {
        await context.close();
      }
    },
    cancel: () => {
      if (recorder.state !== "inactive") recorder.stop();
      release();
      if (context.state !== "closed") void context.close();
    },
  };
}

async function microphone(devices: MediaDevices): Promise<MediaStream> {
  try {
    return await devices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true } });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    if (name === "NotAllowedError" || name === "SecurityError") throw new CannotRecord("refused");
    if (name === "NotFoundError") throw new CannotRecord("missing");
    throw new CannotRecord("impossible");
  }
}

/** Whatever the browser records in (Opus, AAC) as plain samples. */
async function converted(context: AudioContext, recorded: Blob): Promise<Blob> {
  try {
    const sound = await context.decodeAudioData(await recorded.arrayBuffer());
    const offline = new OfflineAudioContext(1, Math.ceil(sound.duration * RATE), RATE);
    const source = offline.createBufferSource();
    source.buffer = sound;
    source.connect(offline.destination);
    source.start();
    return wavOf((await offline.startRendering()).getChannelData(0), RATE);
  } catch {
    throw new CannotRecord("silent");
  }
}

function loudness(analyser: AnalyserNode): number {
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  // The ear counts in powers: -50 dB is silence, -5 dB is loud.
  const decibels = 10 * Math.log10(power + 1e-10);
  return Math.min(1, Math.max(0, (decibels + 50) / 45));
}
