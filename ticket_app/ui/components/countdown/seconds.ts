/** Whole seconds that are left, counted down while they are shown. */
import { useEffect, useState } from "react";

const INTERVAL_MS = 200;

/** Returns how many whole seconds are left until a time; the last one is shown until it is over. */
export const secondsLeft = (until: number, now: number): number => Math.max(0, Math.ceil((until - now) / 1000));

/** Returns the seconds left until `until` (in milliseconds), by a clock that may differ from this computer's. */
export function useSecondsLeft(until: number, clock: () => number): number {
  const [left, setLeft] = useState(() => secondsLeft(until, clock()));
  useEffect(() => {
    const update = () => setLeft(secondsLeft(until, clock()));
    update();
    const timer = setInterval(update, INTERVAL_MS);
    return () => clearInterval(timer);
  }, [until, clock]);
  return left;
}
