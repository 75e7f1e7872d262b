/** An input for tags: Enter or a comma adds one, Backspace or its button removes one. */
import { useEffect, useRef, useState, type ChangeEvent, type ComponentProps, type KeyboardEvent } from "react";
import { setFieldValue } from "../dom/fields.ts";
import { Lookup } from "../suggestions/lookup.ts";
import { SuggestionList, useSuggestions } from "../suggestions/suggestions.tsx";
import { TEXTS } from "../texts/texts.ts";
import { addTags, joinTags, normalize, parseTags } from "./tags.ts";

const T = TEXTS.tagInput;

interface Props extends Omit<ComponentProps<"input">, "onChange"> {
  name: string;
  value?: string;
  suggestions?: string[];
  /** Where to ask for known tags while one is typed. */
  searchUrl?: string;
  limit?: number;
  outside: string;
  onChange?: (event: ChangeEvent<HTMLInputElement>) => void;
}

export function TagInput({ name, value = "", suggestions = [], searchUrl = "", limit = 20, outside, onChange, ...props }: Props) {
  const [tags, setTags] = useState(() => parseTags(value));
  const entry = useRef<HTMLInputElement>(null);
  const field = useRef<HTMLInputElement>(null);
  // The hidden field notifies the form, its draft and Reflex of a change, like a field one types into.
  const change = (next: string[]) => { if (field.current) setFieldValue(field.current, joinTags(next)); };
  const add = (text: string) => change(addTags(tags, text, limit));
  const closeSuggestions = useRef(() => {});
  const addTyped = () => {
    const typed = entry.current?.value ?? "";
    if (!typed.trim()) return;
    add(typed);
    if (entry.current) entry.current.value = "";
    closeSuggestions.current();
  };
  const lookup = useRef(new Lookup());
  const known = useSuggestions({
    choosesFirst: false,
    choose: ({ value: tag }) => { add(tag); if (entry.current) entry.current.value = ""; },
  });
  closeSuggestions.current = () => { lookup.current.cancel(); known.close(); };
  useEffect(() => () => lookup.current.cancel(), []);
  // A dialog would give the focus to its first button, which removes a tag.
  useEffect(() => {
    const dialog = entry.current?.closest("[role=dialog]");
    if (dialog && !dialog.contains(document.activeElement)) entry.current?.focus();
  }, []);
  const offerTags = (typed: string) => {
    const query = normalize(typed.trim());
    const matching = query ? suggestions.filter((tag) => tag.includes(query)) : [];
    const offer = (found: readonly string[]) => known.offer(
      [...new Set([...matching, ...found])].filter((tag) => !tags.includes(tag)).map((tag) => ({ value: tag, label: tag })),
    );
    if (query && searchUrl) lookup.current.ask(`${searchUrl}q=${encodeURIComponent(query)}`, (found) => offer(found.map((one) => one.value)));
    else { lookup.current.cancel(); offer([]); }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (known.onKeyDown(event)) return;
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
          onKeyDown={onKeyDown} onBlur={() => { addTyped(); closeSuggestions.current(); }}
          {...known.fieldProps} role="combobox" aria-expanded={known.isOpen}
          onInput={(event) => offerTags(event.currentTarget.value)}
        />
      </div>
      <SuggestionList suggestions={known} label={TEXTS.suggestions.tags} />
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
