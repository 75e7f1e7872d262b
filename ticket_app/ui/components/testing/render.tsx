/** Drawing a component in a document, and doing what a person does. */
import { act, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { setFieldValue, type TextField } from "../dom/fields.ts";

export interface Drawn { place: HTMLElement; redraw: (node: ReactNode) => Promise<void>; remove: () => Promise<void> }

export async function render(node: ReactNode): Promise<Drawn> {
  const place = document.createElement("div");
  document.body.append(place);
  const root = createRoot(place);
  const redraw = (next: ReactNode) => act(async () => root.render(next));
  await redraw(node);
  return {
    place,
    redraw,
    remove: async () => {
      await act(async () => root.unmount());
      place.remove();
    },
  };
}

/** The first element of a selector, which has to be there. */
export function find<T extends Element = HTMLElement>(place: ParentNode, selector: string): T {
  const found = place.querySelector<T>(selector);
  if (!found) throw new Error(`there is no ${selector}`);
  return found;
}

export const type = (field: TextField, text: string): Promise<void> => act(async () => setFieldValue(field, text));

export const click = (element: HTMLElement): Promise<void> => act(async () => element.click());

export const press = (element: HTMLElement, key: string, options: KeyboardEventInit = {}): Promise<void> =>
  act(async () => { element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...options })); });

export const wait = (ms: number): Promise<void> => act(async () => { await new Promise((done) => setTimeout(done, ms)); });
