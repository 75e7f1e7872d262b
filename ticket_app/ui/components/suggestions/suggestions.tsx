/** A list of suggestions at a text field: arrow keys move, Enter or Tab chooses, Escape closes. */
import {
  useCallback, useEffect, useId, useLayoutEffect, useRef, useState, type CSSProperties, type KeyboardEvent,
} from "react";
import { keyOf } from "../dom/keyboard.ts";
import { TEXTS } from "../texts/texts.ts";
import type { Suggestion } from "./lookup.ts";

/** No option is chosen until an arrow key is pressed. */
const NONE = -1;

interface Options {
  choose: (suggestion: Suggestion) => void;
  /** Whether Enter chooses the first option without an arrow key. */
  choosesFirst: boolean;
}

export function useSuggestions({ choose, choosesFirst }: Options) {
  const id = useId();
  const first = choosesFirst ? 0 : NONE;
  const [options, setOptions] = useState<readonly Suggestion[]>([]);
  const [active, setActive] = useState(first);
  const isOpen = options.length > 0;
  const offer = useCallback((next: readonly Suggestion[]) => { setOptions(next); setActive(first); }, [first]);
  const close = useCallback(() => offer([]), [offer]);
  const pick = (option: Suggestion) => { close(); choose(option); };

  /** Handles a key of the field; returns whether the list has used it. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    const key = keyOf(event.nativeEvent);
    if (!isOpen || event.ctrlKey || event.metaKey || event.altKey) return false;
    const chosen = options[active];
    if (key === "ArrowDown") setActive((active + 1) % options.length);
    else if (key === "ArrowUp") setActive(active <= 0 ? options.length - 1 : active - 1);
    else if (key === "Escape") close();
    else if ((key === "Enter" || key === "Tab") && chosen && !event.shiftKey) pick(chosen);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const optionId = (at: number) => `${id}-${at}`;
  const fieldProps = {
    "aria-autocomplete": "list",
    "aria-haspopup": "listbox",
    "aria-controls": isOpen ? id : undefined,
    "aria-activedescendant": isOpen && active !== NONE ? optionId(active) : undefined,
  } as const;
  return { id, options, active, isOpen, offer, close, pick, onKeyDown, optionId, fieldProps };
}

interface ListProps {
  suggestions: ReturnType<typeof useSuggestions>;
  label: string;
  /** The list is above all boxes that cut off what they hold; it opens upward if there is room. */
  floats?: boolean;
}

const MAX_HEIGHT = 250;
const GAP = 4;

/** Where a floating list is, from the empty element before its field. */
function placeAt(anchor: HTMLElement): CSSProperties {
  const { top, left } = anchor.getBoundingClientRect();
  if (top > MAX_HEIGHT) return { left, bottom: window.innerHeight - top + GAP };
  return { left, top: (anchor.parentElement?.querySelector("textarea")?.getBoundingClientRect().bottom ?? top) + GAP };
}

/** The list, and for screen readers how many options it has. */
export function SuggestionList({ suggestions, label, floats = false }: ListProps) {
  const { id, options, active, isOpen, close, pick, optionId } = suggestions;
  const anchor = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<CSSProperties>({});
  useLayoutEffect(() => {
    if (!isOpen || !floats || !anchor.current) return undefined;
    setPlace(placeAt(anchor.current));
    const onScroll = ({ target }: Event) => { if (!(target instanceof Node && anchor.current?.contains(target))) close(); };
    document.addEventListener("scroll", onScroll, true);
    return () => document.removeEventListener("scroll", onScroll, true);
  }, [isOpen, floats, close]);
  const chosen = useRef<HTMLLIElement>(null);
  useEffect(() => chosen.current?.scrollIntoView?.({ block: "nearest" }), [active]);
  const preview = options[active]?.text;
  const list = isOpen && (
    <ul id={id} role="listbox" aria-label={label} style={floats && preview === undefined ? place : undefined}>
      {options.map((option, at) => (
        <li
          key={option.value} id={optionId(at)} role="option" aria-selected={at === active}
          ref={at === active ? chosen : undefined}
          // The field keeps the focus.
          onPointerDown={(event) => event.preventDefault()} onClick={() => pick(option)}
        >
          <span className="truncate" dir="auto">{option.label}</span>
          {option.detail && <span className="text-muted truncate">{option.detail}</span>}
        </li>
      ))}
    </ul>
  );
  return (
    <div ref={anchor} className="suggestions" data-floats={floats || undefined}>
      <span role="status" className="visually-hidden">{isOpen ? TEXTS.suggestions.count(options.length) : ""}</span>
      {preview === undefined ? list : (
        <div className="suggestions-panel" style={floats ? place : undefined} onPointerDown={(event) => event.preventDefault()}>
          {list}
          <div className="suggestion-preview" dir="auto">{preview}</div>
        </div>
      )}
    </div>
  );
}
