/** Gives tests what components have in a browser with Reflex: a document, and Reflex's contexts. */
import { registerHooks } from "node:module";
import { Window } from "happy-dom";

const window = new Window({ url: "http://localhost/desk" });
const names = Object.getOwnPropertyNames(window).filter((name) => !(name in globalThis));
for (const name of [...names, "navigator", "Event", "CustomEvent", "EventTarget", "FormData", "File", "Blob"]) {
  Object.defineProperty(globalThis, name, { value: Reflect.get(window, name), configurable: true, writable: true });
}
Object.assign(globalThis, {
  IS_REACT_ACT_ENVIRONMENT: true,
  addEventListener: window.addEventListener.bind(window),
  removeEventListener: window.removeEventListener.bind(window),
});

const CONTEXTS = new URL("./context_registry.js", import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "$/utils/context-registry" ? { url: CONTEXTS, shortCircuit: true } : next(specifier, context),
});
