export interface Device {
  browser: string;
  system: string;
  mobile: boolean;
}

// The order matters: Edge and Opera call themselves Chrome, and Chrome calls itself Safari.
const BROWSERS: [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
];

const SYSTEMS: [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux|X11/, "Linux"],
];

/** A person's words for a user agent; empty browser and system when it is something else. */
export function readDevice(agent: string): Device {
  const named = (table: [RegExp, string][]) =>
    table.find(([pattern]) => pattern.test(agent))?.[1] ?? "";
  return {
    browser: named(BROWSERS),
    system: named(SYSTEMS),
    mobile: /iPhone|iPad|Android|Mobile/.test(agent),
  };
}

/** "Firefox · Windows", or what the client called itself. */
export function deviceLabel(agent: string): string {
  const { browser, system } = readDevice(agent);
  return [browser, system].filter(Boolean).join(" · ") || agent.slice(0, 60);
}
