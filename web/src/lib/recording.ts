/** Record from the microphone, as the WAV that the server keeps: PCM16, mono, 16 kHz. */

export const RATE = 16_000;
export const LONGEST_MS = 30_000;

export type Hindrance = "refused" | "missing" | "unsupported" | "empty";

/** Why there is no recording. */
export class NoRecording extends Error {
  readonly why: Hindrance;

  constructor(why: Hindrance) {
    super(why);
    this.name = "NoRecording";
    this.why = why;
  }
}

/** A recording going on. It must be stopped or cancelled, or the microphone stays on. */
export interface Recording {
  /** How loud it is just now, 0 to 1. */
  level(): number;
  /** End it. Throws `NoRecording` when nothing came. */
  stop(): Promise<Blob>;
  cancel(): void;
}

/** Ask for the microphone and begin. Throws `NoRecording`. */
export async function record(): Promise<Recording> {
  if (!navigator.mediaDevices?.getUserMedia || typeof MediaRecorder === "undefined")
    throw new NoRecording("unsupported");
  const stream = await microphone();
  const context = new AudioContext();
  const meter = context.createAnalyser();
  meter.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(meter);
  const recorder = new MediaRecorder(stream);
  const pieces: Blob[] = [];
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  recorder.start();

  const end = () => {
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
  return {
    level: () => loudness(meter),
    stop: () =>
      new Promise((resolve, reject) => {
        recorder.onstop = () => {
          end();
          wavOf(new Blob(pieces, { type: recorder.mimeType })).then(resolve, reject);
        };
        recorder.stop();
      }),
    cancel: () => {
      if (recorder.state !== "inactive") recorder.stop();
      end();
    },
  };
}

async function microphone(): Promise<MediaStream> {
  const audio = { channelCount: 1, echoCancellation: false, noiseSuppression: true };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (error) {
    const missing = error instanceof DOMException && error.name === "NotFoundError";
    throw new NoRecording(missing ? "missing" : "refused");
  }
}

function loudness(meter: AnalyserNode): number {
  const samples = new Float32Array(meter.fftSize);
  meter.getFloatTimeDomainData(samples);
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  // The ear counts in powers: -50 dB is silence, -5 dB is loud.
  const decibels = 10 * Math.log10(sum / samples.length + 1e-10);
  return Math.min(1, Math.max(0, (decibels + 50) / 45));
}

/** Any sound that the browser can read, as WAV. Throws `NoRecording` for what it cannot. */
export async function wavOf(sound: Blob): Promise<Blob> {
  const context = new AudioContext();
  try {
    const decoded = await context.decodeAudioData(await sound.arrayBuffer());
    const offline = new OfflineAudioContext(1, Math.ceil(decoded.duration * RATE), RATE);
    const source = offline.createBufferSource();
    source.buffer = decoded;
    source.connect(offline.destination);
    source.start();
    const rendered = await offline.startRendering();
    return new Blob([encoded(rendered.getChannelData(0), RATE)], { type: "audio/wav" });
  } catch {
    throw new NoRecording("empty");
  } finally {
    void context.close();
  }
}

const HEADER = 44;

/** Samples between -1 and 1 as a WAV file of 16-bit integers. Pure. */
export function encoded(samples: Float32Array, rate: number): ArrayBuffer {
  const file = new ArrayBuffer(HEADER + samples.length * 2);
  const view = new DataView(file);
  const letters = (at: number, text: string) => {
    for (let i = 0; i < text.length; i += 1) view.setUint8(at + i, text.charCodeAt(i));
  };
  letters(0, "RIFF");
  view.setUint32(4, file.byteLength - 8, true);
  letters(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  letters(36, "data");
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, at) => {
    const bounded = Math.max(-1, Math.min(1, sample));
    view.setInt16(HEADER + at * 2, Math.round(bounded * 32_767), true);
  });
  return file;
}
