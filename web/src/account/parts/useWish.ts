import { useRef, useState } from "react";

/** A switch that shows what was asked for at once; the answer, or what is told next, has the last word. */
export function useWish<T>(told: T, ask: (wish: T) => Promise<unknown>) {
  const [wish, setWish] = useState<{ value: T } | null>(null);
  const latest = useRef(0);
  const choose = async (value: T) => {
    latest.current += 1;
    const mine = latest.current;
    setWish({ value });
    await ask(value);
    if (mine === latest.current) setWish(null);
  };
  return [wish ? wish.value : told, choose] as const;
}
