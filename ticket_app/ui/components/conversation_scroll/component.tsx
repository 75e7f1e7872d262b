/** Opens a conversation at its end and keeps the end in view. With an entry in the address (`#entry-7`)
 * it opens at that entry. Who reads further up is told of new messages, and is taken to the end by sending. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type ComponentProps } from "react";
import { useLocation } from "react-router";
import { CLEARED } from "../dom/fields.ts";
import { TEXTS } from "../texts/texts.ts";

/** How long to wait for an entry that the server has not sent yet. */
const MAX_WAIT_MS = 5000;
/** How far from the end, in pixels, the end still counts as in view. */
const END_PX = 80;

interface Props extends ComponentProps<"div"> {
  /** How many messages and notes the conversation has. */
  messageCount?: number;
}

/** conversation.css reverses its column, so the browser keeps the end in view, and scrollTop 0 is the end. */
export function ConversationScroll({ messageCount = 0, children, ...props }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const { pathname, hash } = useLocation();
  const [unseen, setUnseen] = useState(0);
  const known = useRef({ pathname, count: messageCount });
  const showEnd = useCallback(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
    setUnseen(0);
  }, []);
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
  useEffect(() => {
    const before = known.current;
    known.current = { pathname, count: messageCount };
    // A page begins with no messages; those it loads are not new.
    if (before.pathname !== pathname || !before.count) return setUnseen(0);
    const added = messageCount - before.count;
    if (added > 0 && scroller.current && scroller.current.scrollTop < -END_PX) setUnseen((count) => count + added);
    return undefined;
  }, [pathname, messageCount]);
  // What is sent appears at the end, also while it can still be taken back.
  useEffect(() => {
    const onCleared = ({ target }: Event) => { if ((target as HTMLTextAreaElement).form?.id === "composer") showEnd(); };
    document.addEventListener(CLEARED, onCleared);
    return () => document.removeEventListener(CLEARED, onCleared);
  }, [showEnd]);
  const onScroll = () => { if (scroller.current && scroller.current.scrollTop >= -END_PX) setUnseen(0); };
  return (
    <div className="ticket-scroll-area">
      <div {...props} ref={scroller} className="ticket-scroll" onScroll={onScroll}>{children}</div>
      <div className="new-replies-area" role="status">
        {unseen > 0 && <button type="button" className="new-tickets-button" onClick={showEnd}>{TEXTS.conversation.newMessages(unseen)}</button>}
      </div>
    </div>
  );
}
