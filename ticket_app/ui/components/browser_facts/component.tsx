/** Form fields that are filled with facts about the person's browser and computer. */
import { useEffect, useRef, type ComponentProps } from "react";
import { setFieldValue } from "../dom/fields.ts";
import { browserOf, systemOf } from "./user_agent.ts";

function knownFacts(): Record<string, string> {
  const { userAgent, language, userAgentData } = navigator as Navigator & { userAgentData?: { platform?: string } };
  const zoom = devicePixelRatio === 1 ? "" : ` at ${Math.round(devicePixelRatio * 100)}%`;
  return {
    browser: browserOf(userAgent),
    os: systemOf(userAgent) || (userAgentData?.platform ?? ""),
    screen: `${screen.width} × ${screen.height}${zoom}, window ${innerWidth} × ${innerHeight}`,
    language,
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

/** Fills the fields that are named after a fact. A button with `data-clear` empties them. */
export function BrowserFacts({ isFilled, ...props }: ComponentProps<"details"> & { isFilled: boolean }) {
  const details = useRef<HTMLDetailsElement>(null);
  const fields = () => [...(details.current?.querySelectorAll("input") ?? [])];
  useEffect(() => {
    if (!isFilled) return;
    const facts = knownFacts();
    for (const field of fields()) if (!field.value) field.value = facts[field.name] ?? "";
  }, [isFilled]);
  return (
    <details
      {...props} ref={details}
      onClick={(event) => {
        if ((event.target as Element).closest("[data-clear]")) for (const field of fields()) setFieldValue(field, "");
      }}
    />
  );
}
