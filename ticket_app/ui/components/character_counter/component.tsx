/** Shows how many of a field's characters are used, once most of them are. */
import { useEffect, useState } from "react";
import { CLEARED, isTextField } from "../dom/fields.ts";

const VISIBLE_FROM = 0.8;

export function CharacterCounter({ field, limit }: { field: string; limit: number }) {
  const [used, setUsed] = useState(0);
  useEffect(() => {
    const measure = (target: EventTarget | null) => {
      if (isTextField(target) && target.id === field) setUsed([...target.value].length);
    };
    const onChange = (event: Event) => measure(event.target);
    measure(document.getElementById(field));
    for (const kind of ["input", CLEARED]) document.addEventListener(kind, onChange);
    return () => { for (const kind of ["input", CLEARED]) document.removeEventListener(kind, onChange); };
  }, [field]);
  return <span className="character-counter" data-over-limit={used > limit}>{used > limit * VISIBLE_FROM ? `${used} / ${limit}` : ""}</span>;
}
