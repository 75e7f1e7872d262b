/** Sets and clears form fields in such a way that React and the form notice the change. */

export type TextField = HTMLInputElement | HTMLTextAreaElement;

/** The bubbling event that `clearField` dispatches on the field. */
export const CLEARED = "cleared";

export const isTextField = (node: unknown): node is TextField =>
  node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement;

/** Sets a value as if the person had typed it, so that React and the form notice it. */
export function setFieldValue(field: TextField | HTMLSelectElement, value: string): void {
  // React notices a change only when its own setter on the element is bypassed.
  const setter = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value")?.set;
  setter?.call(field, value);
  field.dispatchEvent(new Event(field instanceof HTMLSelectElement ? "change" : "input", { bubbles: true }));
}

/** Empties a field whose text has been sent, without saving the empty text as a draft. */
export function clearField(field: TextField): void {
  field.value = "";
  field.dispatchEvent(new CustomEvent(CLEARED, { bubbles: true }));
}

/** Returns the value of a form's control; empty if there is none. */
export function fieldValue(form: HTMLFormElement, name: string): string {
  const found = form.elements.namedItem(name);
  return found && "value" in found ? String(found.value) : "";
}

/** Returns whether an element is laid out and not disabled. */
export const isUsable = (element: HTMLElement): boolean =>
  !("disabled" in element && element.disabled) && (element.closest("[hidden]") !== null || element.getClientRects().length > 0);

/** Returns whether keys that are pressed in an element are text. */
export const isTypedInto = (node: EventTarget | null): node is HTMLInputElement =>
  node instanceof Element && node.matches("input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable=true]");
