/** Notifications of the browser while a tab is open, and the settings of this browser. */
import { useEffect, useRef, useState } from "react";
import { TEXTS } from "../texts/texts.ts";
import { display, permission, showOnce, type Alert } from "./alerts.ts";
import { canSubscribe, confirmSubscription, currentSubscription, subscribe, unsubscribe } from "./push_subscription.ts";

const T = TEXTS.browserNotifications;

export function BrowserNotifications({ alerts = [] }: { alerts?: readonly Alert[] }) {
  const seen = useRef(new Set<number>());
  useEffect(() => { if (permission() === "granted") confirmSubscription().catch(() => undefined); }, []);
  useEffect(() => {
    for (const alert of alerts) {
      if (seen.current.has(alert.id)) continue;
      seen.current.add(alert.id);
      showOnce(alert).catch(() => undefined);
    }
  }, [alerts]);
  return null;
}

type Push = "unavailable" | "off" | "on";

/** The person is asked for permission by the browser only after a click on the button. */
export function BrowserNotificationSettings() {
  const [state, setState] = useState<NotificationPermission | "unsupported" | "unknown">("unknown");
  const [push, setPush] = useState<Push>("unavailable");
  const [message, setMessage] = useState("");
  const look = async () => {
    setState(permission());
    if (await canSubscribe()) setPush((await currentSubscription()) ? "on" : "off");
  };
  useEffect(() => { look().catch(() => undefined); }, []);

  const turnPush = async (on: boolean) => {
    setMessage("");
    try {
      await (on ? subscribe() : unsubscribe());
    } catch {
      setMessage(T.pushFailed);
    }
    await look();
  };
  const allow = async () => {
    if ((await Notification.requestPermission()) === "granted" && (await canSubscribe())) await turnPush(true);
    await look();
  };
  const test = async () => {
    try {
      await display({ title: T.testTitle, body: T.testBody, url: location.pathname, tag: "test" });
      setMessage(T.testSent);
    } catch {
      setMessage(T.testFailed);
    }
  };

  if (state === "unknown") return null;
  if (state === "unsupported") return <p className="text-muted">{T.unsupported}</p>;
  if (state === "denied") return <p className="text-muted">{T.denied}</p>;
  if (state === "default") {
    return (
      <div className="browser-notifications">
        <p className="text-muted">{T.ask}</p>
        <button type="button" className="button plain" onClick={() => void allow()}>{T.allow}</button>
      </div>
    );
  }
  return (
    <div className="browser-notifications">
      <p className="text-muted">{T.granted}</p>
      {push !== "unavailable" && (
        <label className="checkbox-option">
          <input type="checkbox" checked={push === "on"} onChange={(event) => void turnPush(event.target.checked)} />
          <span>{T.push}<small>{T.pushHint}</small></span>
        </label>
      )}
      <button type="button" className="button plain" onClick={() => void test()}>{T.test}</button>
      <p className="text-muted" role="status">{message}</p>
    </div>
  );
}
