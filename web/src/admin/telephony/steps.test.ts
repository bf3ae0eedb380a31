import { beforeAll, expect, test } from "vitest";
import { setLanguage } from "../../lib/i18n";
import { said } from "./steps";

beforeAll(async () => {
  Object.assign(globalThis, { document: { documentElement: {} } });
  await setLanguage("sv");
});

const names = (id: string) => (id === "birger" ? "Birger Öst" : "någon");

test("every step of a decision has words", () => {
  const words = [
    { do: "ring", user_id: "birger", numbers: ["201"], seconds: 20 },
    { do: "ring", user_id: "birger", seconds: 20, vip: true },
    { do: "announce", text: "…" },
    { do: "choice", options: { "1": "202" } },
    { do: "voicemail", user_id: "birger" },
    { do: "queue", queue: "switchboard", number: "+46846500400" },
    { do: "queue", queue: "Support" },
    { do: "connect", number: "202" },
    { do: "reject", cause: "busy" },
    { do: "reject", cause: "unknown" },
    { do: "hangup" },
    { do: "ask_again", stage: "no_answer" },
  ].map((step) => said(step, names));
  expect(words[0]).toBe("Ringer Birger Öst i 20 sekunder");
  expect(words[1]).toContain("VIP");
  expect(words[4]).toBe("Får lämna ett meddelande till Birger Öst");
  expect(words[5]).toBe("Växeln svarar");
  expect(words[6]).toBe("Ställs i kön Support");
  expect(words.filter((each) => each.includes("telephony."))).toEqual([]);
});
