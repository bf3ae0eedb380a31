import { expect, it } from "vitest";
import { isMobile } from "./device";

it.each([
  ["Safari, iPhone", true],
  ["Chrome, Android", true],
  ["Firefox, Windows", false],
  ["curl/8.0", false],
  ["", false],
])("%s: mobile is %s", (device, mobile) => expect(isMobile(device)).toBe(mobile));
