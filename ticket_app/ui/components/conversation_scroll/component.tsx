/** A conversation opens at its end and stays there while one reads there. */
import { useLayoutEffect, useRef, type ComponentProps } from "react";
import { useLocation } from "react-router";

/** Its column is reversed (theme.css): the browser keeps its end in sight, and 0 is the end. */
export function ConversationScroll(props: ComponentProps<"div">) {
  const place = useRef<HTMLDivElement>(null);
  const { pathname } = useLocation();
  useLayoutEffect(() => {
    if (place.current && !location.hash) place.current.scrollTop = 0;
  }, [pathname]);
  return <div {...props} ref={place} className="ticket-scroll" />;
}
