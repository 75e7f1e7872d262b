/** Reports that a page is read: at once if it is visible, otherwise as soon as the person looks at it. */
import { useEffect, useRef } from "react";

export function ReadWhenVisible({ unread = 0, onRead }: { unread?: number; onRead?: (wasHidden: boolean) => void }) {
  const report = useRef(onRead);
  report.current = onRead;
  useEffect(() => {
    if (unread <= 0) return undefined;
    if (!document.hidden) {
      report.current?.(false);
      return undefined;
    }
    const look = () => {
      if (document.hidden) return;
      document.removeEventListener("visibilitychange", look);
      report.current?.(true);
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [unread]);
  return null;
}
