/** Fields of forms: writing into one, and emptying one, so that everything around it hears of it. */

export type TextField = HTMLInputElement | HTMLTextAreaElement;

/** Sent by a field, and bubbling, when `clearField` has emptied it. */
export const CLEARED = "cleared";

export const isTextField = (node: unknown): node is TextField =>
  node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement;

/** Set a value as if it were typed: React and the form around the field hear of it. */
export function setFieldValue(field: TextField | HTMLSelectElement, value: string): void {
  // React notices a change only when its own setter on the element is bypassed.
  const setter = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value")?.set;
  setter?.call(field, value);
  field.dispatchEvent(new Event(field instanceof HTMLSelectElement ? "change" : "input", { bubbles: true }));
}

/** Empty a field whose text has been sent: nothing is saved again as a draft. */
export function clearField(field: TextField): void {
  field.value = "";
  field.dispatchEvent(new CustomEvent(CLEARED, { bubbles: true }));
}

/** The named control of a form, if it has a value. */
export function fieldValue(form: HTMLFormElement, name: string): string {
  const found = form.elements.namedItem(name);
  return found && "value" in found ? String(found.value) : "";
}

/** Whether an element is on the page, laid out and not disabled. */
export const isUsable = (element: HTMLElement): boolean =>
  !("disabled" in element && element.disabled) && (element.closest("[hidden]") !== null || element.getClientRects().length > 0);

/** Whether a person types into an element: its keys are text. */
export const isTypedInto = (node: EventTarget | null): node is HTMLInputElement =>
  node instanceof Element && node.matches("input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable=true]");
