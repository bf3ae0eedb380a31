import { expect, it } from "vitest";
import { deviceLabel, readDevice } from "./device";

it.each([
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
    "Edge · Windows",
  ],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1",
    "Safari · iPhone",
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
    "Chrome · macOS",
  ],
  ["Receptionens surfplatta", "Receptionens surfplatta"],
])("%s is called %s", (agent, label) => expect(deviceLabel(agent)).toBe(label));

it("knows what fits in a pocket", () => {
  expect(
    readDevice("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36").mobile,
  ).toBe(true);
  expect(readDevice("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36").mobile).toBe(
    false,
  );
});
