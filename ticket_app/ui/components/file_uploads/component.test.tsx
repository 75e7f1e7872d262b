import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { act, type FormEvent } from "react";
import { click, find, render, wait } from "../testing/render.tsx";
import { FilePicker, UploadArea, UploadList } from "./component.tsx";

/** Stands for the browser's request: the test answers it. */
class FakeRequest {
  static sent: FakeRequest[] = [];
  upload = new EventTarget();
  status = 0;
  responseText = "";
  #listeners = new Map<string, () => void>();
  file = "";
  fields: Record<string, unknown> = {};
  open() {}
  setRequestHeader() {}
  abort() { this.#listeners.get("loadend")?.(); }
  addEventListener(kind: string, listener: () => void) { this.#listeners.set(kind, listener); }
  send(form: FormData) {
    const { file, ...fields } = Object.fromEntries(form);
    this.file = (file as File).name;
    this.fields = fields;
    FakeRequest.sent.push(this);
  }
  answer(status: number, body: object | null) {
    this.status = status;
    this.responseText = JSON.stringify(body);
    return act(async () => {
      if (body) this.#listeners.get("load")?.();
      this.#listeners.get("loadend")?.();
    });
  }
}
const original = globalThis.XMLHttpRequest;
const DONE = { success: true, attachment: { id: 1 } };
const file = (name: string) => new File(["x"], name, { type: "text/plain" });

beforeEach(() => {
  FakeRequest.sent = [];
  globalThis.XMLHttpRequest = FakeRequest as unknown as typeof XMLHttpRequest;
});
afterEach(() => { globalThis.XMLHttpRequest = original; });

async function drawn() {
  const events: string[] = [];
  const submit = (event: FormEvent) => { event.preventDefault(); events.push("submitted"); };
  const form = await render(
    <form onSubmit={submit}>
      <UploadArea uploadUrl="/session/files" uploadFields={{ place: "new" }} types=".txt" onUploaded={() => events.push("uploaded")}>
        <FilePicker /><UploadList />
      </UploadArea>
      <textarea />
    </form>,
  );
  const { place } = form;
  const tiles = () => [...place.querySelectorAll(".file")].map((tile) => tile.querySelector(".file-name")?.textContent);
  const drop = (...files: File[]) => act(async () => {
    const event = new Event("drop", { bubbles: true, cancelable: true });
    Object.assign(event, { dataTransfer: { types: ["Files"], files } });
    document.body.dispatchEvent(event);
  });
  const requestSubmit = () => act(async () => find<HTMLFormElement>(place, "form").requestSubmit());
  return { ...form, events, tiles, drop, requestSubmit };
}

test("files go one after another, in the order in which they were dropped", async () => {
  const { drop, tiles, events, remove } = await drawn();
  await drop(file("one.txt"), file("two.txt"));
  assert.deepEqual(tiles(), ["one.txt", "two.txt"]);
  assert.deepEqual(FakeRequest.sent.map((request) => [request.file, request.fields]), [["one.txt", { place: "new" }]]);
  await FakeRequest.sent[0]!.answer(200, DONE);
  assert.deepEqual(FakeRequest.sent.map((request) => request.file), ["one.txt", "two.txt"]);
  await FakeRequest.sent[1]!.answer(200, DONE);
  assert.deepEqual([tiles(), events], [[], ["uploaded", "uploaded"]]);
  await remove();
});

test("a form sent meanwhile waits for its files", async () => {
  const { drop, events, requestSubmit, remove } = await drawn();
  await drop(file("one.txt"));
  await requestSubmit();
  assert.deepEqual(events, []);
  await FakeRequest.sent[0]!.answer(200, DONE);
  assert.deepEqual(events, ["uploaded", "submitted"]);
  await remove();
});

test("a file that fails leaves the form to the person, who tries again or removes it", async () => {
  const { place, drop, events, requestSubmit, tiles, remove } = await drawn();
  await drop(file("one.txt"));
  await requestSubmit();
  await FakeRequest.sent[0]!.answer(503, { error: "Try again later" });
  assert.deepEqual(events, []);
  assert.equal(find(place, ".file-details").textContent, "Try again later");
  await click(find(place, "[title='Try again']"));
  await FakeRequest.sent[1]!.answer(0, null);
  assert.match(find(place, ".file-details").textContent ?? "", /cannot be reached/);
  await click(find(place, "[aria-label='Remove one.txt']"));
  assert.deepEqual(tiles(), []);
  await requestSubmit();
  assert.deepEqual(events, ["submitted"]);
  await remove();
});

test("a file that would be refused is not sent, and does not hold the form", async () => {
  const { place, drop, events, requestSubmit, remove } = await drawn();
  await drop(file("program.exe"));
  assert.equal(FakeRequest.sent.length, 0);
  assert.equal(find(place, ".file").dataset.state, "failed");
  await requestSubmit();
  assert.deepEqual(events, ["submitted"]);
  await remove();
});

test("a file pasted into another field of the form goes to its area, a copied table does not", async () => {
  const { place, tiles, remove } = await drawn();
  const paste = (text: string) => act(async () => {
    const event = new Event("paste", { bubbles: true, cancelable: true });
    Object.assign(event, { clipboardData: { files: [file("image.txt")], getData: () => text } });
    find(place, "textarea").dispatchEvent(event);
  });
  await paste("a\t1");
  assert.deepEqual(tiles(), []);
  await paste("");
  assert.deepEqual(tiles(), ["image.txt"]);
  await wait(0);
  await remove();
});
