/** Opens a conversation at its end and keeps the end in view. With an entry in the address (`#entry-7`)
 * it opens at that entry. */
import { useLayoutEffect, useRef, type ComponentProps } from "react";
import { useLocation } from "react-router";

/** How long to wait for an entry that the server has not sent yet. */
const MAX_WAIT_MS = 5000;

/** conversation.css reverses its column, so the browser keeps the end in view, and scrollTop 0 is the end. */
export function ConversationScroll(props: ComponentProps<"div">) {
  const scroller = useRef<HTMLDivElement>(null);
  const { pathname, hash } = useLocation();
  useLayoutEffect(() => {
    const id = decodeURIComponent(hash.slice(1));
    if (!id) {
      if (scroller.current) scroller.current.scrollTop = 0;
      return undefined;
    }
    const start = performance.now();
    let frame = 0;
    const show = () => {
      const entry = document.getElementById(id);
      if (entry) entry.scrollIntoView({ block: "start" });
      else if (performance.now() - start < MAX_WAIT_MS) frame = requestAnimationFrame(show);
    };
    show();
    return () => cancelAnimationFrame(frame);
  }, [pathname, hash]);
  return <div {...props} ref={scroller} className="ticket-scroll" />;
}
