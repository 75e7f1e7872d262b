/** Controls of the layout's panels, and the link that skips to the content. */
import type { ComponentProps, KeyboardEvent, MouseEvent, PointerEvent } from "react";
import { dismissDrawer, togglePanel, type Panel } from "./panels.ts";
import { storePreference } from "./preferences.ts";

export function PanelToggle({ panel, ...props }: ComponentProps<"button"> & { panel: Panel }) {
  return <button {...props} type="button" onClick={() => togglePanel(panel)} />;
}

/** Covers the page behind the open drawer; a click closes the drawer. */
export function DrawerBackdrop() {
  return <div className="backdrop" onClick={() => togglePanel("drawer")} />;
}

export function Sidebar(props: ComponentProps<"nav">) {
  const onClick = (event: MouseEvent) => { if ((event.target as Element).closest("a")) dismissDrawer(); };
  return <nav {...props} id="sidebar" onClick={onClick} />;
}

/** The router would follow the link and drop the filters, without moving the focus. */
export function SkipLink(props: ComponentProps<"a">) {
  const onClick = (event: MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
    document.getElementById("main")?.focus();
  };
  return <a {...props} href="#main" className="skip-link" onClick={onClick} />;
}

const NARROWEST = 280, WIDEST = 720, STEP = 16;

function setListWidth(width: number): void {
  const value = Math.round(Math.min(Math.max(width, NARROWEST), WIDEST));
  document.documentElement.style.setProperty("--list-width", `${value}px`);
  storePreference("list", String(value));
}

const boxBefore = (line: Element) => line.previousElementSibling?.getBoundingClientRect() ?? new DOMRect();

/** The line between list and ticket: dragged, or moved with the arrows. */
export function Splitter(props: ComponentProps<"div">) {
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.preventDefault();
    const line = event.currentTarget;
    line.setPointerCapture(event.pointerId);
    line.dataset.dragging = "";
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const line = event.currentTarget;
    if ("dragging" in line.dataset) setListWidth(event.clientX - boxBefore(line).left);
  };
  const onLostPointerCapture = (event: PointerEvent<HTMLDivElement>) => { delete event.currentTarget.dataset.dragging; };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    setListWidth(boxBefore(event.currentTarget).width + step);
  };
  return (
    <div
      {...props} className="splitter" role="separator" tabIndex={0} aria-orientation="vertical"
      onPointerDown={onPointerDown} onPointerMove={onPointerMove} onLostPointerCapture={onLostPointerCapture} onKeyDown={onKeyDown}
    />
  );
}
