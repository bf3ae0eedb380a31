import { IconAlertTriangle } from "@tabler/icons-react";
import { useClock } from "../activities/clock";
import { mine, useMine } from "./mine";
import { worry } from "./status";

/** Whether a calendar of mine has not been synced for half an hour, or must be connected again. */
export function useWorry(): "reconnect" | "stale" | null {
  const { connections } = useMine();
  useClock((now) => String(worry(mine.get().connections ?? [], now)));
  return worry(connections ?? [], Date.now());
}

/** The sign of it. Decorative: words stand beside it. */
export function WorrySign({ size = 16 }: { size?: number }) {
  return <IconAlertTriangle size={size} stroke={2} aria-hidden />;
}
