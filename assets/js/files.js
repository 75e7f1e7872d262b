// Files dropped, pasted or chosen go to our own address, one request each, with progress and retry.
// A place is [data-drop] with data-url, data-fields (JSON), data-done (id of the button to click),
// data-max (bytes), data-types (".png,.pdf"). Its tiles stand in [data-tiles].
const size = (bytes) => bytes < 1024 ? `${bytes} B` : bytes < 1024 ** 2 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
const ending = (name) => { const dot = name.lastIndexOf("."); return dot > 0 ? name.slice(dot).toLowerCase() : ""; };
const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

function problem(place, file) {
  const max = Number(place.dataset.max) || 10 * 1024 ** 2;
  if (file.size > max) return `${size(file.size)} is too large; up to ${size(max)} is taken.`;
  if (!file.size) return "The file is empty.";
  const types = (place.dataset.types ?? "").split(",").map((t) => t.trim()).filter(Boolean);
  if (types.length && !types.includes(ending(file.name))) return `Files of type ${ending(file.name) || "unknown"} are not taken.`;
  return "";
}

function make(tag, className, text) {
  const el = document.createElement(tag);
  el.className = className;
  if (text !== undefined) el.textContent = text;
  return el;
}

function tileFor(place, file) {
  const tile = make("div", "file");
  const face = make("span", "file-icon");
  if (PICTURES.has(file.type)) {
    const picture = document.createElement("img");
    picture.alt = "";
    const url = URL.createObjectURL(file);
    picture.addEventListener("load", () => URL.revokeObjectURL(url), { once: true });
    picture.src = url;
    face.append(picture);
  } else face.textContent = ending(file.name).slice(1, 5) || "file";
  const words = make("span", "");
  words.style.minWidth = "0";
  const name = make("span", "file-name cut", file.name);
  name.title = file.name;
  name.dir = "auto";
  const note = make("span", "file-note", size(file.size));
  words.append(name, note);
  const away = make("button", "icon-button small", "×");
  away.type = "button";
  away.setAttribute("aria-label", `Remove ${file.name}`);
  const again = make("button", "icon-button small", "↵");
  again.type = "button";
  again.title = "Try again";
  again.setAttribute("aria-label", `Try ${file.name} again`);
  again.hidden = true;
  const ends = make("span", "");
  ends.append(again, away);
  tile.append(face, words, ends);
  place.querySelector("[data-tiles]")?.append(tile);
  return { tile, note, away, again };
}

// A form sent while a file is still on its way waits for it; one that failed leaves it to the person.
const kept = new WeakSet();
const isBusy = (form) => form.querySelector("[data-tiles] [data-busy]") !== null;
function settle(place, well) {
  const form = place.closest("form");
  if (!form || !kept.has(form)) return;
  if (!well) kept.delete(form);
  else if (!isBusy(form)) { kept.delete(form); form.requestSubmit(); }
}
document.addEventListener("submit", (event) => {
  if (!isBusy(event.target)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  kept.add(event.target);
}, true);

// Files go one after another, so that they arrive in the order in which they were chosen.
const turns = new WeakMap();
const inTurn = (place, run) => turns.set(place, (turns.get(place) ?? Promise.resolve()).then(run, run));

function upload(place, file) {
  const parts = tileFor(place, file);
  const { tile, note, away, again } = parts;
  const fail = (words, retry) => {
    delete tile.dataset.busy;
    settle(place, false);
    tile.dataset.state = "failed";
    tile.querySelector("progress")?.remove();
    note.textContent = words;
    again.hidden = !retry;
  };
  let request, isGone = false;
  away.addEventListener("click", () => { isGone = true; request?.abort(); tile.remove(); settle(place, true); });
  again.addEventListener("click", () => start());
  const wrong = problem(place, file);
  if (wrong) return fail(wrong, false);

  function start() {
    delete tile.dataset.state;
    tile.dataset.busy = "";
    again.hidden = true;
    const bar = make("progress", "");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", `Uploading ${file.name}`);
    tile.append(bar);
    note.textContent = "Waiting";
    inTurn(place, () => new Promise((next) => { if (isGone) next(); else send(bar, next); }));
  }

  function send(bar, next) {
    const form = new FormData();
    for (const [name, value] of Object.entries(JSON.parse(place.dataset.fields || "{}"))) form.append(name, value);
    form.append("file", file, file.name);
    request = new XMLHttpRequest();
    request.open("POST", place.dataset.url);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = event.loaded / event.total;
      note.textContent = event.loaded < event.total ? `${size(event.loaded)} of ${size(event.total)}` : "Checking";
    });
    request.addEventListener("loadend", next);
    request.addEventListener("error", () => fail("The server cannot be reached. The file is still here.", true));
    request.addEventListener("load", () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* said below */ }
      if (request.status >= 400 || answer.success === false || !answer.attachment) {
        const retry = request.status >= 500 || request.status === 429 || request.status === 0;
        return fail(answer.error || `It was not taken (${request.status}).`, retry);
      }
      place.dispatchEvent(new CustomEvent("uploaded", { bubbles: true, detail: answer.attachment }));
      const done = place.dataset.done && document.getElementById(place.dataset.done);
      delete tile.dataset.busy;
      settle(place, true);
      if (done) { done.dataset.attachment = answer.attachment.id; done.click(); tile.remove(); }
      else { bar.remove(); note.textContent = size(file.size); tile.dataset.id = answer.attachment.id; }
    });
    request.send(form);
  }
  start();
}

const take = (place, list) => { for (const file of list) upload(place, file); };
const placeOf = (event) => event.target.closest?.("[data-drop]");
const named = (file) => file.name && file.name !== "image.png" ? file : new File([file], `screenshot-${new Date().toISOString().slice(0, 19).replace(/[:T]/g, "-")}.png`, { type: file.type });

document.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-pick]")) return;
  const place = placeOf(event);
  if (place) take(place, event.target.files);
  event.target.value = "";
});
document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!files.length) return;
  // Cells of a spreadsheet and words of a document come with a picture of themselves: text wins.
  // A file manager's text is the names of the files.
  const text = event.clipboardData.getData("text/plain").trim();
  if (text && !text.split(/\r?\n/).every((line) => files.some((file) => line.endsWith(file.name)))) return;
  const place = placeOf(event) ?? event.target.closest?.("form")?.querySelector("[data-drop]");
  if (!place) return;
  event.preventDefault();
  take(place, files.map((file) => (file.type === "image/png" ? named(file) : file)));
});
const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
let over = null;
const mark = (place) => {
  if (over === place) return;
  if (over) delete over.dataset.dropping;
  over = place;
  if (over) over.dataset.dropping = "";
};
document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  const place = placeOf(event) ?? document.querySelector("[data-drop]");
  event.preventDefault();
  event.dataTransfer.dropEffect = place ? "copy" : "none";
  mark(place);
});
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) mark(null); });
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  const place = placeOf(event) ?? document.querySelector("[data-drop]");
  mark(null);
  if (place) take(place, event.dataTransfer.files);
});
