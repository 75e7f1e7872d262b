/** Commands from the server to this browser, and the messages it shows. */
import { useContext, useEffect, useImperativeHandle, useRef, useState, type Ref } from "react";
import { ColorModeContext } from "$/utils/context-registry";
import { useSecondsLeft } from "../countdown/seconds.ts";
import { TEXTS } from "../texts/texts.ts";
import { runCommands } from "./commands.ts";
import { dismissToast, showToast, useToasts, type Toast } from "./toasts.ts";

/** Reflex sets its `value` to JSON commands; nothing is evaluated. */
export function PageCommands({ ref }: { ref?: Ref<{ value: string }> }) {
  const { setColorMode } = useContext(ColorModeContext);
  useImperativeHandle(ref, () => {
    let last = "";
    return {
      get value() { return last; },
      set value(text: string) {
        last = text;
        runCommands(text, { setTheme: setColorMode });
      },
    };
  }, [setColorMode]);
  return <Toasts />;
}

function Toasts() {
  const toasts = useToasts();
  return (
    <div id="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => <ToastBox key={toast.id} toast={toast} />)}
    </div>
  );
}

const CLOSE_DELAY_MS = 2000;

/** The seconds in which an action can be undone. */
function Countdown({ seconds }: { seconds: number }) {
  const [until] = useState(() => Date.now() + seconds * 1000);
  return <span className="toast-countdown" aria-hidden="true">{TEXTS.toast.seconds(useSecondsLeft(until, Date.now))}</span>;
}

function ToastBox({ toast: { id, text, tone, detail, undo, seconds, hasCountdown } }: { toast: Toast }) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const close = () => dismissToast(id);
  const closeIn = (ms: number) => { timer.current = setTimeout(close, ms); };
  const stop = () => clearTimeout(timer.current);
  // What can be undone for some seconds only is not offered any longer.
  const hold = () => { if (!hasCountdown) stop(); };
  const release = () => { if (!hasCountdown) closeIn(CLOSE_DELAY_MS); };
  useEffect(() => {
    closeIn(seconds * 1000);
    return stop;
  }, [id, seconds]);
  const undoIt = () => {
    close();
    const button = document.getElementById(undo);
    if (button) button.click();
    else showToast({ text: TEXTS.toast.cannotUndo });
  };
  return (
    <div className="toast" data-tone={tone} data-undo={undo || undefined} onPointerEnter={hold} onFocus={hold} onPointerLeave={release}>
      <span className="toast-dot" />
      <span className="toast-text" dir="auto">{text}{detail && <small dir="auto">{detail}</small>}</span>
      {hasCountdown && <Countdown seconds={seconds} />}
      {undo && <button type="button" onClick={undoIt}>{hasCountdown ? TEXTS.toast.undoByKey : TEXTS.toast.undo}</button>}
      <button type="button" aria-label={TEXTS.toast.dismiss} onClick={close}>×</button>
    </div>
  );
}
