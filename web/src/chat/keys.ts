import { spotlight } from "@mantine/spotlight";
import { useEffect } from "react";
import { useLocation } from "wouter";
import { useChat } from "./context";
import { byLatest } from "./names";

/** Keys that work everywhere: Ctrl-K palette, Ctrl-Shift-F search, Ctrl-Shift-N new, Alt-arrows rooms. */
export function useShortcuts(onNew: () => void): void {
  const chat = useChat();
  const [path, navigate] = useLocation();
  useEffect(() => {
    const step = (by: number) => {
      const rooms = Object.values(chat.engine.store.get().rooms).sort(byLatest);
      if (rooms.length === 0) return;
      const at = rooms.findIndex((room) => path === `/room/${room.id}`);
      const next = rooms[(Math.max(at, by > 0 ? -1 : 0) + by + rooms.length) % rooms.length];
      if (next) navigate(`/room/${next.id}`);
    };
    const pressed = (event: KeyboardEvent) => {
      const command = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      const doing =
        command && !event.shiftKey && key === "k"
          ? spotlight.toggle
          : command && event.shiftKey && key === "f"
            ? () => navigate("/search")
            : command && event.shiftKey && key === "n"
              ? onNew
              : event.altKey && key === "arrowdown"
                ? () => step(1)
                : event.altKey && key === "arrowup"
                  ? () => step(-1)
                  : null;
      if (!doing) return;
      event.preventDefault();
      doing();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [chat, path, navigate, onNew]);
}
