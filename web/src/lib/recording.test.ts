import { expect, test } from "vitest";
import { encoded, RATE } from "./recording";

test("samples become a WAV file that says what it is", () => {
  const view = new DataView(encoded(new Float32Array([0, 0.5, -1, 7]), RATE));
  const text = (from: number, to: number) =>
    new TextDecoder().decode(new Uint8Array(view.buffer, from, to - from));
  expect([text(0, 4), text(8, 16), text(36, 40)]).toEqual(["RIFF", "WAVEfmt ", "data"]);
  expect(view.getUint32(24, true)).toBe(16_000);
  expect(view.getUint32(4, true)).toBe(view.byteLength - 8);
  expect(view.getUint32(40, true)).toBe(8);
  const samples = [0, 1, 2, 3].map((at) => view.getInt16(44 + at * 2, true));
  expect(samples).toEqual([0, 16384, -32767, 32767]);
});
