/** A banner that is shown while the server cannot be reached. */
import type { ComponentProps } from "react";
import { useHasConnectionErrors, useIsOnline } from "./connection.ts";

export function OfflineBanner({ children, ...props }: ComponentProps<"div">) {
  const isOnline = useIsOnline();
  const hasErrors = useHasConnectionErrors();
  return <div {...props} role="status">{(!isOnline || hasErrors) && children}</div>;
}
