/** A date and time, shown and typed in the browser's time zone and submitted in UTC. */
import { useEffect, useRef, useState, type ComponentProps } from "react";
import { timeZoneName, toLocal, toUtc } from "./local_time.ts";

interface Props extends ComponentProps<"input"> { name: string; value?: string }

export function DateTimeInput({ name, value = "", ...props }: Props) {
  const field = useRef<HTMLInputElement>(null);
  // A value that is not edited is submitted unchanged, to the second.
  const [utc, setUtc] = useState(value);
  useEffect(() => {
    setUtc(value);
    if (field.current) field.current.value = toLocal(value);
  }, [value]);
  return (
    <div>
      <input {...props} ref={field} type="datetime-local" onChange={(event) => setUtc(toUtc(event.target.value))} />
      <input type="hidden" name={name} value={utc} />
    </div>
  );
}

export function TimeZoneName() {
  const [name, setName] = useState("");
  useEffect(() => setName(timeZoneName()), []);
  return <span>{name}</span>;
}
