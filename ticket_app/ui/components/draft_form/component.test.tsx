import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { act } from "react";
import { clearField } from "../dom/fields.ts";
import { click, find, render, type, wait } from "../testing/render.tsx";
import { setAccount } from "./account.ts";
import { ContinueDraftButton, DraftForm, DraftStatus, SignOutForm } from "./component.tsx";

const KEY = "desk.unsent.ada.lamp";
const sections = (at = "", length = 0) => (
  <><DraftStatus at={at} length={length} /><input name="title" /><textarea name="body" /><select name="kind"><option value="bug" /><option value="support" /></select></>
);
const status = (place: ParentNode) => find(place, "[data-save-state]").dataset.saveState;
const body = (place: ParentNode) => find<HTMLTextAreaElement>(place, "[name=body]");

beforeEach(() => act(async () => setAccount("ada")));
afterEach(() => localStorage.clear());

test("what is typed is kept on the device until the server has just that", async () => {
  const form = (at = "", length = 0) => <DraftForm place="lamp">{sections(at, length)}</DraftForm>;
  const { place, redraw, remove } = await render(form());
  assert.equal(status(place), "on-server");
  await type(body(place), "Dark");
  assert.equal(status(place), "on-device");
  assert.deepEqual(JSON.parse(localStorage.getItem(KEY) ?? "").values, { title: "", body: "Dark", kind: "bug" });
  await redraw(form("2026-11-29T12:00:00Z", 3));
  assert.equal(status(place), "on-device", "the server has an older text");
  await redraw(form("2026-11-29T12:00:01Z", 4));
  assert.equal(status(place), "on-server");
  assert.equal(localStorage.getItem(KEY), null);
  await act(async () => clearField(body(place)));
  await remove();
});

test("text comes back when the account is known, and the server hears of it", async () => {
  localStorage.setItem(KEY, JSON.stringify({ values: { title: "Lamp", body: "Dark", kind: "support" }, at: Date.now() }));
  await act(async () => setAccount(""));
  const names: string[] = [];
  const { place, remove } = await render(<DraftForm place="lamp" onInput={(event) => names.push((event.target as HTMLInputElement).name)}>{sections()}</DraftForm>);
  assert.equal(body(place).value, "");
  await act(async () => setAccount("ada"));
  assert.equal(body(place).value, "Dark");
  assert.equal(find<HTMLSelectElement>(place, "select").value, "support");
  assert.deepEqual(names, ["title", "body"]);
  await act(async () => clearField(body(place)));
  await remove();
});

test("text that was sent, given up or emptied is forgotten", async () => {
  const { place, remove } = await render(<DraftForm place="lamp">{sections()}<button type="button" data-discards-draft="true" /></DraftForm>);
  await type(body(place), "Dark");
  await act(async () => clearField(body(place)));
  assert.equal(localStorage.getItem(KEY), null);
  await type(body(place), "Dark again");
  await click(find(place, "button"));
  assert.equal(localStorage.getItem(KEY), null);
  await type(body(place), "Dark");
  await type(body(place), " ");
  assert.equal(localStorage.getItem(KEY), null);
  assert.equal(status(place), "on-server");
  await remove();
});

test("a form sent offline says that it waits", async () => {
  const { place, remove } = await render(<DraftForm place="lamp" onSubmit={(event) => event.preventDefault()}>{sections()}</DraftForm>);
  await type(body(place), "Dark");
  Object.defineProperty(navigator, "onLine", { value: false, configurable: true });
  await act(async () => find<HTMLFormElement>(place, "form").requestSubmit());
  assert.equal(status(place), "queued");
  Object.defineProperty(navigator, "onLine", { value: true, configurable: true });
  await act(async () => clearField(body(place)));
  assert.equal(status(place), "on-server");
  await remove();
});

test("the server is reports all of it a moment after the last key, and when a field is left", async () => {
  const reports: string[] = [];
  const { place, remove } = await render(<DraftForm place="lamp" onDraft={(content) => reports.push(content)}>{sections()}</DraftForm>);
  await type(body(place), "D");
  await type(body(place), "Da");
  await wait(700);
  await type(find<HTMLInputElement>(place, "[name=title]"), "Lamp");
  await act(async () => { body(place).dispatchEvent(new Event("focusout", { bubbles: true })); });
  assert.deepEqual(reports.map((content) => JSON.parse(content)), [
    { values: { title: "", body: "Da", kind: "bug" }, touched: ["body"] },
    { values: { title: "Lamp", body: "Da", kind: "bug" }, touched: ["body", "title"] },
  ]);
  await act(async () => clearField(body(place)));
  await remove();
});

test("a draft goes on without a question in the tab in which it was typed", async () => {
  const clicks: string[] = [];
  const button = (place: string) => <ContinueDraftButton place={place} onClick={() => clicks.push(place)} />;
  const form = await render(<DraftForm place="typed-here">{sections()}</DraftForm>);
  await type(body(form.place), "Dark");
  await form.remove();
  const offers = await render(<>{button("typed-here")}{button("from-another-device")}</>);
  assert.deepEqual(clicks, ["typed-here"]);
  await offers.remove();
});

test("signing out forgets what is kept", async () => {
  localStorage.setItem(KEY, JSON.stringify({ values: {}, at: Date.now() }));
  const { place, remove } = await render(<SignOutForm action="/session/logout" />);
  await act(async () => { find(place, "form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true })); });
  assert.equal(localStorage.getItem(KEY), null);
  await remove();
});
