/** The parts of a composer that choose when to send. */
import { DropdownMenu } from "@radix-ui/themes";
import { createContext, use, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { timeZoneName, toLocal, toUtc } from "../date_time_input/local_time.ts";
import { TEXTS } from "../texts/texts.ts";
import { ComposerContext } from "./component.tsx";
import { clockTime, laterToday, tomorrowMorning } from "./schedule.ts";

interface ScheduleValue {
  isChoosing: boolean;
  setChoosing: (isChoosing: boolean) => void;
  cancelsOnReply: boolean;
  setCancelsOnReply: (cancels: boolean) => void;
}
const ScheduleContext = createContext<ScheduleValue>({
  isChoosing: false, setChoosing: () => {}, cancelsOnReply: false, setCancelsOnReply: () => {},
});

/** Around the menu and the fields. */
export function Schedule({ children }: { children?: ReactNode }) {
  const [isChoosing, setChoosing] = useState(false);
  const [cancelsOnReply, setCancelsOnReply] = useState(false);
  const value = useMemo(() => ({ isChoosing, setChoosing, cancelsOnReply, setCancelsOnReply }), [isChoosing, cancelsOnReply]);
  return (
    <ScheduleContext value={value}>
      {children}
      <input type="hidden" name="cancel_on_reply" value={cancelsOnReply ? "on" : ""} readOnly />
    </ScheduleContext>
  );
}

/** The items of a menu that choose when to send. */
export function ScheduleItems() {
  const { send } = use(ComposerContext);
  const { setChoosing, cancelsOnReply, setCancelsOnReply } = use(ScheduleContext);
  const now = new Date();
  const today = laterToday(now), tomorrow = tomorrowMorning(now);
  return (
    <>
      <DropdownMenu.Label>{TEXTS.composer.schedule}</DropdownMenu.Label>
      {today && <DropdownMenu.Item onSelect={() => send({ sendAt: today.toISOString() })}>{TEXTS.composer.laterToday(clockTime(today))}</DropdownMenu.Item>}
      <DropdownMenu.Item onSelect={() => send({ sendAt: tomorrow.toISOString() })}>{TEXTS.composer.tomorrow(clockTime(tomorrow))}</DropdownMenu.Item>
      <DropdownMenu.Item onSelect={() => setChoosing(true)}>{TEXTS.composer.chooseTime}</DropdownMenu.Item>
      <DropdownMenu.CheckboxItem checked={cancelsOnReply} onCheckedChange={setCancelsOnReply} onSelect={(event) => event.preventDefault()}>
        {TEXTS.composer.cancelOnReply}
      </DropdownMenu.CheckboxItem>
    </>
  );
}

/** A date and time to send at, once it was asked for. */
export function ScheduleFields() {
  const { send } = use(ComposerContext);
  const { isChoosing, setChoosing, cancelsOnReply, setCancelsOnReply } = use(ScheduleContext);
  const field = useRef<HTMLInputElement>(null);
  // The menu gives the focus back to its button when it closes, after this was rendered.
  useEffect(() => {
    if (!isChoosing) return undefined;
    const timer = setTimeout(() => field.current?.focus(), 50);
    return () => clearTimeout(timer);
  }, [isChoosing]);
  if (!isChoosing) return null;
  const schedule = () => {
    const sendAt = toUtc(field.current?.value ?? "");
    if (!sendAt) field.current?.focus();
    else send({ sendAt });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    schedule();
  };
  return (
    <div className="schedule-fields reply-only" role="group" aria-label={TEXTS.composer.schedule}>
      <label>
        {TEXTS.composer.timeToSend(timeZoneName())}
        <input
          ref={field} type="datetime-local" className="input" onKeyDown={onKeyDown}
          min={toLocal(new Date().toISOString())} defaultValue={toLocal(tomorrowMorning(new Date()).toISOString())}
        />
      </label>
      <label className="schedule-option">
        <input type="checkbox" checked={cancelsOnReply} onChange={(event) => setCancelsOnReply(event.target.checked)} />
        {TEXTS.composer.cancelOnReply}
      </label>
      <span className="align-end">
        <button type="button" className="button plain" onClick={() => setChoosing(false)}>{TEXTS.composer.closeSchedule}</button>
        <button type="button" className="button primary" onClick={schedule}>{TEXTS.composer.scheduleButton}</button>
      </span>
    </div>
  );
}
