import { IconAlertTriangle } from "@tabler/icons-react";
import { useMine } from "./mine";
import { type Worry, worryOf } from "./status";

/** Whether a calendar of mine has not been synced for half an hour, or must be connected again. */
export function useWorry(): Worry | null {
  return worryOf(useMine().connections ?? []);
}

/** The sign of it. Decorative: words stand beside it. */
export function WorrySign({ size = 16 }: { size?: number }) {
  return <IconAlertTriangle size={size} stroke={2} aria-hidden />;
}
