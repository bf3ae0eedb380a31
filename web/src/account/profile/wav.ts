const HEADER_BYTES = 44;

/** Samples between -1 and 1, one channel, as a WAV file: PCM, 16 bits. Pure. */
export function wavOf(samples: Float32Array, rate: number): Blob {
  const bytes = new DataView(new ArrayBuffer(HEADER_BYTES + samples.length * 2));
  text(bytes, 0, "RIFF");
  bytes.setUint32(4, HEADER_BYTES - 8 + samples.length * 2, true);
  text(bytes, 8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, rate, true);
  bytes.setUint32(28, rate * 2, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  text(bytes, 36, "data");
  bytes.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, index) => {
    const level = Math.max(-1, Math.min(1, sample));
    bytes.setInt16(HEADER_BYTES + index * 2, Math.round(level * 32_767), true);
  });
  return new Blob([bytes], { type: "audio/wav" });
}

function text(bytes: DataView, at: number, letters: string): void {
  for (let i = 0; i < letters.length; i += 1) bytes.setUint8(at + i, letters.charCodeAt(i));
}
