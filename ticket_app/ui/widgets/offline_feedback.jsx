// Says what becomes of a click while the server cannot be reached: Reflex keeps its event until the
// connection is back, without a word.
import { useContext, useEffect, useLayoutEffect, useRef } from "react";
import { EventLoopContext, eventLoop } from "$/utils/context-registry";

const JUST_NOW = 500;
const AGAIN = 6000;

export function OfflineFeedback() {
  const [addEvents, connectErrors] = useContext(EventLoopContext);
  const isAway = useRef(false);
  const pressed = useRef({ at: 0, form: null });
  const said = useRef(0);
  isAway.current = connectErrors.length > 0;

  useEffect(() => {
    const note = ({ type, target }) => { pressed.current = { at: Date.now(), form: type === "submit" ? target : null }; };
    document.addEventListener("click", note, true);
    document.addEventListener("submit", note, true);
    return () => {
      document.removeEventListener("click", note, true);
      document.removeEventListener("submit", note, true);
    };
  }, []);

  useLayoutEffect(() => {
    const tell = () => {
      const { at, form } = pressed.current;
      // A form that keeps its text says the same in its own line (forms.js).
      const isSaid = form && "queued" in form.dataset && form.querySelector(".queued");
      const now = Date.now();
      if (isSaid || now - at > JUST_NOW || now - said.current < AGAIN) return;
      if (!isAway.current && navigator.onLine) return;
      said.current = now;
      const text = form ? "Will be sent when you are back online." : "This will be done when you are back online.";
      window.desk?.say?.(text, { tone: "amber" });
    };
    eventLoop.addEvents = (...args) => {
      const result = addEvents(...args);
      tell();
      return result;
    };
    return () => { eventLoop.addEvents = addEvents; };
  }, [addEvents, connectErrors]);
  return null;
}
