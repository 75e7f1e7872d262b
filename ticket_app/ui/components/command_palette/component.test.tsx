import assert from "node:assert/strict";
import { test } from "node:test";
import { act } from "react";
import { MemoryRouter, useLocation } from "react-router";
import { setAccount } from "../draft_form/account.ts";
import { find, press, render, type, wait } from "../testing/render.tsx";
import { CommandPalette } from "./component.tsx";
import { recentTickets } from "./recent.ts";

const PAGES = [{ label: "All open", to: "/desk/views/open" }, { label: "Settings", to: "/admin" }];
const EMPTY = { tickets: [], people: [], companies: [], hints: [], suggestions: [] };

// The test document has no modal dialogs.
HTMLDialogElement.prototype.showModal ??= function showModal() { this.setAttribute("open", ""); };
Object.defineProperty(HTMLElement.prototype, "getClientRects", { value: () => [{}], configurable: true });

const Path = () => <output>{useLocation().pathname}</output>;

function page(actions: string[]) {
  return (
    <MemoryRouter initialEntries={["/desk/tickets/BUG-3"]}>
      <button type="button" id="assign" data-shortcut="a" aria-label="Assignee" onClick={() => actions.push("assign")} />
      <Path />
      <CommandPalette pages={PAGES} isStaff />
    </MemoryRouter>
  );
}

const asked: string[] = [];
function answer(reply: (url: string) => object | Promise<object>): void {
  asked.length = 0;
  globalThis.fetch = (async (url: string) => {
    asked.push(String(url));
    const found = await reply(String(url));
    return { ok: true, json: async () => ({ ...EMPTY, ...found }) };
  }) as unknown as typeof fetch;
}

const field = (place: ParentNode) => find<HTMLInputElement>(place, "[role=combobox]");
const options = (place: ParentNode) => [...place.querySelectorAll("[role=option]")].map((one) => one.textContent);
const open = (place: HTMLElement) => press(place, "k", { ctrlKey: true, code: "KeyK" });

test("it opens by Ctrl+K, lists recent tickets, actions and pages, and runs an action by keyboard", async () => {
  const actions: string[] = [];
  answer((url) => (url.includes("recent=BUG-3") ? { tickets: [{ value: "BUG-3", label: "Lamp", detail: "BUG-3" }] } : {}));
  await act(async () => setAccount("sam"));
  const { place, remove } = await render(page(actions));
  assert.deepEqual(recentTickets("sam"), ["BUG-3"]);
  find(place, "#assign").focus();
  await open(place);
  await wait(20);
  assert.deepEqual(options(place), ["BUG-3Lamp", "Assigneea", "All open", "Settings"]);
  assert.equal(field(place).getAttribute("aria-activedescendant"), "command-palette-0");
  await press(field(place), "End");
  assert.equal(field(place).getAttribute("aria-activedescendant"), "command-palette-3");
  await press(field(place), "ArrowDown");
  await press(field(place), "ArrowDown");
  await press(field(place), "Enter");
  await wait(10);
  assert.deepEqual(actions, ["assign"]);
  assert.equal(place.querySelector("dialog"), null);
  assert.equal(document.activeElement, find(place, "#assign"));
  await remove();
});

test("the matched letters are marked and Enter goes to the page", async () => {
  answer(() => ({}));
  const { place, remove } = await render(page([]));
  await open(place);
  await type(field(place), "sett");
  assert.equal(find(place, "mark").parentElement?.textContent, "Settings");
  assert.equal([...place.querySelectorAll("mark")].map((one) => one.textContent).join(""), "Sett");
  await press(field(place), "Enter");
  assert.equal(find(place, "output").textContent, "/admin");
  await remove();
});

test("the answer to an older text is dropped, and pages remain without a server", async () => {
  let finishOld: (found: object) => void = () => {};
  answer((url) => {
    if (url.includes("q=lam&") || url.endsWith("q=lam")) return new Promise<object>((done) => { finishOld = done; });
    if (url.endsWith("q=open")) throw new Error("offline");
    return url.includes("q=lamp") ? { tickets: [{ value: "BUG-4", label: "Lamp", detail: "BUG-4" }], hints: ["A hint"] } : {};
  });
  const { place, remove } = await render(page([]));
  await open(place);
  await type(field(place), "lam");
  await wait(120);
  await type(field(place), "lamp");
  await wait(120);
  finishOld({ tickets: [{ value: "BUG-9", label: "Old", detail: "BUG-9" }] });
  await wait(20);
  assert.deepEqual(options(place), ["BUG-4Lamp", "Search all tickets for “lamp”"]);
  assert.equal(find(place, "#command-palette-hints").textContent, "A hint");
  await type(field(place), "open");
  await wait(120);
  assert.deepEqual(options(place), ["All open", "Search all tickets for “open”"]);
  await remove();
});

test("a suggestion completes the text and stays in the field", async () => {
  answer((url) => (url.includes("q=stat") ? { suggestions: ["status:"] } : {}));
  const { place, remove } = await render(page([]));
  await open(place);
  await type(field(place), "stat");
  await wait(120);
  await press(field(place), "Enter");
  assert.equal(field(place).value, "status:");
  await remove();
});
