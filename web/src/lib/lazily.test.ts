import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { patiently } from "./lazily";

beforeEach(() => {
  vi.stubGlobal("addEventListener", vi.fn());
  vi.stubGlobal("removeEventListener", vi.fn());
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a part that cannot be fetched is asked for until it comes", async () => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("away")));
  let tries = 0;
  const found = patiently(() => {
    tries += 1;
    return tries < 9 ? Promise.reject(new TypeError("away")) : Promise.resolve("here");
  });
  await vi.runAllTimersAsync();
  expect(await found).toBe("here");
});

test("of a server that answers, but not with that part, the page is loaded anew", async () => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", () => Promise.resolve({ ok: true }));
  const reload = vi.fn(() => false);
  const found = patiently(() => Promise.reject(new TypeError("gone")), reload);
  const failed = expect(found).rejects.toThrow("gone");
  await vi.runAllTimersAsync();
  await failed;
  expect(reload).toHaveBeenCalledOnce();
});
