/** A tab with an address. If the row is too narrow for all tabs, the current one is scrolled into view. */
import { useEffect, useRef } from "react";
import { Link, type LinkProps } from "react-router";

function scrollIntoRow(tab: HTMLElement): void {
  const row = tab.parentElement;
  if (!row) return;
  const outer = row.getBoundingClientRect(), inner = tab.getBoundingClientRect();
  if (inner.left >= outer.left && inner.right <= outer.right) return;
  row.scrollLeft += inner.left - outer.left - (row.clientWidth - inner.width) / 2;
}

export function TabLink(props: LinkProps) {
  const tab = useRef<HTMLAnchorElement>(null);
  const isCurrent = props["aria-current"] === "page";
  useEffect(() => { if (isCurrent && tab.current) scrollIntoRow(tab.current); }, [isCurrent]);
  return <Link {...props} ref={tab} />;
}
