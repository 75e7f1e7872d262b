// <toast-outlet>: the server's words to this browser. Reflex sets its `value`; nothing is evaluated.
const byId = (id) => document.getElementById(id);

// What the server has just drawn may appear a moment after its word about it.
async function soon(id) {
  for (let i = 0; i < 20; i++) {
    const el = byId(id);
    if (el) return el;
    await new Promise((done) => setTimeout(done, 50));
  }
  return null;
}

const acts = {
  toast: (text, signal, outlet) => outlet.show(text, signal),
  focus: async (id) => (await soon(id))?.focus(),
  click: async (id) => (await soon(id))?.click(),
  clear: async (id) => {
    const el = await soon(id);
    if (!el) return;
    el.value = "";
    el.dispatchEvent(new CustomEvent("cleared", { bubbles: true }));
    el.form?.querySelectorAll("[data-tiles]").forEach((tiles) => tiles.replaceChildren());
  },
  fill: async (id, { text }) => {
    const el = await soon(id);
    if (!el) return;
    el.value = text;
    el.dispatchEvent(new Event("input", { bubbles: true }));
    el.focus();
  },
  settled: () => window.dispatchEvent(new Event("settled")),
  forget: (place) => document.dispatchEvent(new CustomEvent("forget", { detail: place })),
  remember: (pair) => window.desk?.remember(pair[0], pair[1]),
  copy: (text) => navigator.clipboard?.writeText(text),
};

// Toasts stay when the page changes: "BUG-15 resolved" is read on the next ticket.
function toasts() {
  let place = byId("toasts");
  if (!place) {
    place = Object.assign(document.createElement("div"), { id: "toasts", role: "status" });
    place.setAttribute("aria-live", "polite");
    (document.querySelector(".radix-themes") ?? document.body).append(place);
  }
  return place;
}

class ToastOutlet extends HTMLElement {
  #words = "";
  get value() { return this.#words; }
  set value(words) {
    this.#words = words;
    let signal;
    try { signal = typeof words === "string" ? JSON.parse(words) : words; } catch { return; }
    for (const name in signal) if (Object.hasOwn(acts, name)) acts[name](signal[name], signal, this);
  }
  show(text, { tone = "gray", detail = "", undo = "", seconds = 6 } = {}) {
    const box = document.createElement("div");
    box.className = "toast";
    box.dataset.tone = tone;
    const dot = document.createElement("span");
    dot.className = "dot";
    const body = document.createElement("span");
    body.className = "body";
    body.textContent = text;
    body.dir = "auto";
    if (detail) { const small = document.createElement("small"); small.textContent = detail; small.dir = "auto"; body.append(small); }
    box.append(dot, body);
    const gone = () => { clearTimeout(timer); box.remove(); };
    const act = (label, run) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      if (label === "×") button.setAttribute("aria-label", "Dismiss");
      button.addEventListener("click", () => { gone(); run?.(); });
      box.append(button);
    };
    if (undo) { box.dataset.undo = undo; act("Undo", () => byId(undo) ? byId(undo).click() : this.show("This can no longer be undone here.")); }
    act("×");
    let timer = setTimeout(gone, seconds * 1000);
    box.addEventListener("pointerenter", () => clearTimeout(timer));
    box.addEventListener("focusin", () => clearTimeout(timer));
    box.addEventListener("pointerleave", () => { timer = setTimeout(gone, 2000); });
    const place = toasts();
    while (place.children.length >= 3) place.firstElementChild.remove();
    place.append(box);
  }
}
customElements.define("toast-outlet", ToastOutlet);
export const say = (text, options) => document.querySelector("toast-outlet")?.show(text, options);
window.desk = Object.assign(window.desk ?? {}, { say });

document.addEventListener("click", (event) => {
  const source = event.target.closest?.("[data-copy]");
  if (!source) return;
  navigator.clipboard?.writeText(source.dataset.copy).then(() => say(`${source.dataset.copy} copied`, { seconds: 2 }));
});
