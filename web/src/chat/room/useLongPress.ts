import { type PointerEvent, useRef } from "react";

const PRESS_MS = 420;
const STILL_PX = 10;

/** Handlers that call *pressed* when a finger rests on the element. */
export function useLongPress(pressed: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const from = useRef({ x: 0, y: 0 });
  const stop = () => clearTimeout(timer.current);
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.pointerType !== "touch") return;
      from.current = { x: event.clientX, y: event.clientY };
      timer.current = setTimeout(() => {
        navigator.vibrate?.(10);
        pressed();
      }, PRESS_MS);
    },
    onPointerMove: (event: PointerEvent) => {
      const { x, y } = from.current;
      if (Math.abs(event.clientX - x) + Math.abs(event.clientY - y) > STILL_PX) stop();
    },
    onPointerUp: stop,
    onPointerCancel: stop,
  };
}
