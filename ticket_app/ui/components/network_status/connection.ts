/** Whether the server can be reached, according to the browser and Reflex's socket. */
import { useContext, useEffect, useRef, useSyncExternalStore, type RefObject } from "react";
import { EventLoopContext } from "$/utils/context-registry";

function subscribe(listener: () => void): () => void {
  for (const kind of ["online", "offline"]) addEventListener(kind, listener);
  return () => { for (const kind of ["online", "offline"]) removeEventListener(kind, listener); };
}

/** Whether the browser has a network connection; it notices a loss before the socket does. */
export const useIsOnline = (): boolean => useSyncExternalStore(subscribe, () => navigator.onLine, () => true);

/** Whether the socket has lost its connection to the server. */
export const useHasConnectionErrors = (): boolean => useContext(EventLoopContext)[1].length > 0;

/** For event handlers: whether the server cannot be reached at that moment. */
export function useIsOffline(): RefObject<() => boolean> {
  const hasErrors = useHasConnectionErrors();
  const isOffline = useRef<() => boolean>(() => false);
  useEffect(() => { isOffline.current = () => hasErrors || !navigator.onLine; }, [hasErrors]);
  return isOffline;
}
