import { expect, test } from "vitest";
import { wavOf } from "./wav";

test("samples become a WAV of 16 bits that says how long it is", async () => {
  const wav = wavOf(new Float32Array([0, 1, -1, 2]), 16_000);
  const bytes = new DataView(await wav.arrayBuffer());
  const letters = (at: number) =>
    String.fromCharCode(...[0, 1, 2, 3].map((i) => bytes.getUint8(at + i)));
  const names = [letters(0), letters(8), letters(12), letters(36)];
  expect(names).toEqual(["RIFF", "WAVE", "fmt ", "data"]);
  expect(bytes.getUint32(4, true)).toBe(bytes.byteLength - 8);
  expect(bytes.getUint32(24, true)).toBe(16_000);
  expect(bytes.getUint32(40, true)).toBe(8);
  const levels = [44, 46, 48, 50].map((at) => bytes.getInt16(at, true));
  expect(levels).toEqual([0, 32_767, -32_767, 32_767]);
  expect(wav.type).toBe("audio/wav");
});
