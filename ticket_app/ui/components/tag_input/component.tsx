/** An input for tags: Enter or a comma adds one, Backspace or its button removes one. */
import { useRef, useState, type ChangeEvent, type ComponentProps, type KeyboardEvent } from "react";
import { setFieldValue } from "../dom/fields.ts";
import { TEXTS } from "../texts/texts.ts";
import { addTags, joinTags, parseTags } from "./tags.ts";

const T = TEXTS.tagInput;

interface Props extends Omit<ComponentProps<"input">, "onChange"> {
  name: string;
  value?: string;
  suggestions?: string[];
  limit?: number;
  outside: string;
  onChange?: (event: ChangeEvent<HTMLInputElement>) => void;
}

export function TagInput({ name, value = "", suggestions = [], limit = 20, outside, onChange, ...props }: Props) {
  const [tags, setTags] = useState(() => parseTags(value));
  const entry = useRef<HTMLInputElement>(null);
  const field = useRef<HTMLInputElement>(null);
  // The hidden field notifies the form, its draft and Reflex of a change, like a field one types into.
  const change = (next: string[]) => { if (field.current) setFieldValue(field.current, joinTags(next)); };
  const add = (text: string) => change(addTags(tags, text, limit));
  const addTyped = () => {
    const typed = entry.current?.value ?? "";
    if (!typed.trim()) return;
    add(typed);
    if (entry.current) entry.current.value = "";
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if ((event.key === "Enter" || event.key === ",") && !event.nativeEvent.isComposing) {
      event.preventDefault();
      addTyped();
    } else if (event.key === "Backspace" && !event.currentTarget.value) change(tags.slice(0, -1));
  };
  const offers = suggestions.filter((tag) => !tags.includes(tag));
  return (
    <div>
      <div className="tag-input" onClick={() => entry.current?.focus()}>
        <span className="chips" role="list" aria-label={T.list}>
          {tags.map((tag) => (
            <span key={tag} className="chip" role="listitem">
              <span className="truncate" dir="auto">{tag}</span>
              <button type="button" aria-label={T.remove(tag)} onClick={() => change(tags.filter((other) => other !== tag))}>×</button>
            </span>
          ))}
        </span>
        <input
          {...props} ref={entry} type="text" className="tag-entry" autoComplete="off" dir="auto" form={outside}
          name={`${name}-entry`} placeholder={T.placeholder} enterKeyHint="done" maxLength={50}
          onKeyDown={onKeyDown} onBlur={addTyped}
        />
      </div>
      <input
        ref={field} type="text" name={name} value={joinTags(tags)} hidden tabIndex={-1} dir="auto"
        onChange={(event) => { setTags(parseTags(event.target.value)); onChange?.(event); }}
      />
      {suggestions.length > 0 && (
        <div className="tag-suggestions">
          {T.suggested}
          {offers.map((tag) => <button key={tag} type="button" dir="auto" onClick={() => add(tag)}>{tag}</button>)}
        </div>
      )}
    </div>
  );
}
