import { useEffect, useState } from "react";

/** Which of the sections with these ids is being read: the one under the top of the window. */
export function useReading(ids: readonly string[]): string | undefined {
  const [here, setHere] = useState(ids[0]);
  useEffect(() => {
    const watcher = new IntersectionObserver(
      (changes) => {
        const seen = changes.find((change) => change.isIntersecting);
        if (seen) setHere(seen.target.id);
      },
      // A narrow band below the page's bar: one section at a time crosses it.
      { rootMargin: "-18% 0px -78% 0px" },
    );
    for (const id of ids) {
      const section = document.getElementById(id);
      if (section) watcher.observe(section);
    }
    return () => watcher.disconnect();
  }, [ids]);
  return here;
}
