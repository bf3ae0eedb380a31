import { IconAlertTriangle } from "@tabler/icons-react";
import { useMyself } from "../chat/context";
import { useMine } from "./mine";
import { mayHaveCalendars } from "./right";
import { type Worry, worryOf } from "./status";

/** Whether a calendar of mine has not been synced for half an hour, or must be connected again. */
export function useWorry(): Worry | null {
  const me = useMyself();
  const { connections } = useMine();
  return mayHaveCalendars(me) ? worryOf(connections ?? []) : null;
}

/** The sign of it. Decorative: words stand beside it. */
export function WorrySign({ size = 16 }: { size?: number }) {
  return <IconAlertTriangle size={size} stroke={2} aria-hidden />;
}
