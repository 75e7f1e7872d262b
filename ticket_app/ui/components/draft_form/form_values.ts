/** Reads and restores the values of a form. */
import { setFieldValue } from "../dom/fields.ts";
import type { Values } from "./storage.ts";

export function valuesOf(form: HTMLFormElement): Values {
  const values: Values = {};
  for (const [name, value] of new FormData(form)) if (typeof value === "string") values[name] = value;
  return values;
}

const isWrittenText = (control: Element): control is HTMLInputElement | HTMLTextAreaElement =>
  control.matches("textarea[name],input[name][type=text],input[name]:not([type])");

/** Returns whether a person has written text in a form; choices alone are not saved. */
export const hasText = (form: HTMLFormElement): boolean =>
  [...form.elements].some((control) => isWrittenText(control) && control.form === form && control.value.trim() !== "");

/** Restores values as if the person had typed and chosen them again. */
export function restoreValues(form: HTMLFormElement, values: Values): void {
  for (const control of form.elements) {
    if (control instanceof HTMLInputElement && control.type === "radio") {
      if (control.value === values[control.name] && !control.checked) control.click();
    } else if (control instanceof HTMLInputElement && control.type === "checkbox") {
      if (control.name && control.checked !== control.name in values) control.click();
    } else if (
      (control instanceof HTMLInputElement && control.type !== "file") ||
      control instanceof HTMLTextAreaElement || control instanceof HTMLSelectElement
    ) {
      const value = values[control.name];
      if (control.form === form && value !== undefined && control.value !== value) setFieldValue(control, value);
    }
  }
}
