/** A tab that is an address. In a row too narrow for all tabs, the chosen one is scrolled into sight. */
import { useEffect, useRef } from "react";
import { Link, type LinkProps } from "react-router";

function showInRow(tab: HTMLElement): void {
  const row = tab.parentElement;
  if (!row) return;
  const outer = row.getBoundingClientRect(), inner = tab.getBoundingClientRect();
  if (inner.left >= outer.left && inner.right <= outer.right) return;
  row.scrollLeft += inner.left - outer.left - (row.clientWidth - inner.width) / 2;
}

export function TabLink(props: LinkProps) {
  const tab = useRef<HTMLAnchorElement>(null);
  const isChosen = props["aria-current"] === "page";
  useEffect(() => { if (isChosen && tab.current) showInRow(tab.current); }, [isChosen]);
  return <Link {...props} ref={tab} />;
}
