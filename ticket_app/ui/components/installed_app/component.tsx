/** What makes the web app an app of the device: the service worker, the number on its icon, the colour of
 * its window, and the menu entry that installs it. */
import { DropdownMenu } from "@radix-ui/themes";
import { useContext, useEffect, useSyncExternalStore, type ComponentProps } from "react";
import { ColorModeContext } from "$/utils/context-registry";
import { showUnreadCount } from "./badge.ts";
import { askToInstall, canInstall, subscribe } from "./install_prompt.ts";

const WORKER = "/service-worker.js";

/** `unread` is the number of unread notifications, negative while it is not known. */
export function InstalledApp({ unread = -1 }: { unread?: number }) {
  useEffect(() => {
    // In development there is no worker, because files change under the same name.
    if (!import.meta.env?.PROD || !("serviceWorker" in navigator)) return;
    navigator.serviceWorker.register(WORKER, { updateViaCache: "none" }).catch(() => undefined);
  }, []);
  return <><UnreadCount unread={unread} /><WindowColor /></>;
}

/** Shows the number of unread notifications on the icon of the app. */
export function UnreadCount({ unread }: { unread: number }) {
  useEffect(() => { if (unread >= 0) void showUnreadCount(unread); }, [unread]);
  return null;
}

/** Colours the title bar as the page is, also when the person has chosen another theme than the device. */
function WindowColor() {
  const { resolvedColorMode } = useContext(ColorModeContext);
  useEffect(() => {
    const metas = [...document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")];
    const color = metas.find((meta) => meta.dataset.mode === resolvedColorMode)?.dataset.color;
    if (color) for (const meta of metas) meta.content = color;
  }, [resolvedColorMode]);
  return null;
}

/** A menu item that installs the app; only there while the browser offers it. */
export function InstallItem(props: ComponentProps<typeof DropdownMenu.Item>) {
  const isOffered = useSyncExternalStore(subscribe, canInstall, () => false);
  return isOffered ? <DropdownMenu.Item {...props} onSelect={() => void askToInstall()} /> : null;
}
