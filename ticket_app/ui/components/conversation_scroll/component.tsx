/** A conversation opens at its end and stays there while one reads there. With an entry in the address
 * (`#entry-7`) it opens at that entry. */
import { useLayoutEffect, useRef, type ComponentProps } from "react";
import { useLocation } from "react-router";

/** How long an entry is waited for that the server has still to send. */
const PATIENCE_MS = 5000;

/** Its column is reversed (theme.css): the browser keeps its end in sight, and 0 is the end. */
export function ConversationScroll(props: ComponentProps<"div">) {
  const place = useRef<HTMLDivElement>(null);
  const { pathname, hash } = useLocation();
  useLayoutEffect(() => {
    const id = decodeURIComponent(hash.slice(1));
    if (!id) {
      if (place.current) place.current.scrollTop = 0;
      return undefined;
    }
    const start = performance.now();
    let frame = 0;
    const show = () => {
      const entry = document.getElementById(id);
      if (entry) entry.scrollIntoView({ block: "start" });
      else if (performance.now() - start < PATIENCE_MS) frame = requestAnimationFrame(show);
    };
    show();
    return () => cancelAnimationFrame(frame);
  }, [pathname, hash]);
  return <div {...props} ref={place} className="ticket-scroll" />;
}
