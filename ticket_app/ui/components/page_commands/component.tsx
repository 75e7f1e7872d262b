/** Commands from the server to this browser, and the messages it shows. */
import { useContext, useEffect, useImperativeHandle, useRef, type Ref } from "react";
import { ColorModeContext } from "$/utils/context-registry";
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

function ToastBox({ toast: { id, text, tone, detail, undo, seconds } }: { toast: Toast }) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const close = () => dismissToast(id);
  const closeIn = (ms: number) => { timer.current = setTimeout(close, ms); };
  const hold = () => clearTimeout(timer.current);
  useEffect(() => {
    closeIn(seconds * 1000);
    return hold;
  }, [id, seconds]);
  const undoIt = () => {
    close();
    const button = document.getElementById(undo);
    if (button) button.click();
    else showToast({ text: TEXTS.toast.cannotUndo });
  };
  return (
    <div className="toast" data-tone={tone} data-undo={undo || undefined} onPointerEnter={hold} onFocus={hold} onPointerLeave={() => closeIn(CLOSE_DELAY_MS)}>
      <span className="toast-dot" />
      <span className="toast-text" dir="auto">{text}{detail && <small dir="auto">{detail}</small>}</span>
      {undo && <button type="button" onClick={undoIt}>{TEXTS.toast.undo}</button>}
      <button type="button" aria-label={TEXTS.toast.dismiss} onClick={close}>×</button>
    </div>
  );
}
