/** The collapsible panels of the layout: the sidebar, its drawer on a phone, and a ticket's side panel. */
import { preference, setPreference } from "./preferences.ts";

export type Panel = "sidebar" | "drawer" | "side";
const isOpen = (panel: "drawer" | "side"): boolean => panel in document.documentElement.dataset;

function setDrawer(isOpening: boolean): void {
  const root = document.documentElement;
  if (isOpening) {
    root.dataset.drawer = "open";
    document.querySelector<HTMLElement>("#sidebar a")?.focus();
  } else if (isOpen("drawer")) {
    delete root.dataset.drawer;
    document.querySelector<HTMLElement>(".menu-button")?.focus();
  }
}

export function togglePanel(panel: Panel): void {
  const root = document.documentElement;
  if (panel === "sidebar") setPreference("sidebar", preference("sidebar") === "small" ? "wide" : "small");
  else if (panel === "drawer") setDrawer(!isOpen("drawer"));
  else if (isOpen("side")) delete root.dataset.side;
  else root.dataset.side = "open";
}

/** Closes the drawer after a click on a link; the new page takes the focus. */
export function dismissDrawer(): void {
  delete document.documentElement.dataset.drawer;
}

/** Closes the drawer and the side panel; returns whether one was open. */
export function closePanels(): boolean {
  const wasOpen = isOpen("drawer") || isOpen("side");
  setDrawer(false);
  delete document.documentElement.dataset.side;
  return wasOpen;
}
