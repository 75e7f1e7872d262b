/** Seconds that count down: "Sending in 8 s". */
import { serverNow } from "../relative_time/clock.ts";
import { TEXTS } from "../texts/texts.ts";
import { useSecondsLeft } from "./seconds.ts";

export function SendingIn({ at = "" }: { at?: string }) {
  const left = useSecondsLeft(Date.parse(at) || 0, serverNow);
  // A screen reader announces the message once, not every second.
  return <span role="timer" aria-live="off">{left > 0 ? TEXTS.countdown.sendingIn(left) : TEXTS.countdown.sending}</span>;
}
