import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { DropdownMenu, Theme } from "@radix-ui/themes";
import { act } from "react";
import { signInAgain } from "../sign_in_again/open.ts";
import { SignOutForm } from "../draft_form/component.tsx";
import { click, find, render } from "../testing/render.tsx";
import { showUnreadCount } from "./badge.ts";
import { InstalledApp, InstallItem, UnreadCount } from "./component.tsx";
import { askToInstall, canInstall, type InstallOffer } from "./install_prompt.ts";

const shown: (number | "none")[] = [];
Object.assign(navigator, {
  setAppBadge: async (count: number) => void shown.push(count),
  clearAppBadge: async () => void shown.push("none"),
});
afterEach(() => { shown.length = 0; });

test("the icon shows the number of unread notifications as it changes", async () => {
  const { redraw, remove } = await render(<InstalledApp />);
  assert.deepEqual(shown, [], "the number is not known yet");
  await redraw(<InstalledApp unread={3} />);
  await redraw(<InstalledApp unread={120} />);
  await redraw(<InstalledApp unread={0} />);
  await redraw(<InstalledApp unread={-1} />);
  assert.deepEqual(shown, [3, 120, "none"]);
  await remove();
});

test("the number is removed by the sign-in page, at sign-out and when the session ends", async () => {
  const page = await render(<UnreadCount unread={0} />);
  assert.deepEqual(shown, ["none"]);
  await page.remove();
  const form = await render(<SignOutForm><button type="submit">Sign out</button></SignOutForm>);
  form.place.addEventListener("submit", (event) => event.preventDefault());
  await click(find(form.place, "button"));
  assert.deepEqual(shown, ["none", "none"]);
  await form.remove();
  signInAgain();
  assert.deepEqual(shown, ["none", "none", "none"]);
});

test("a browser without such numbers, or that forbids them, goes on", async () => {
  await showUnreadCount(3, {});
  await showUnreadCount(0, {});
  await showUnreadCount(3, { setAppBadge: async () => { throw new Error("NotAllowedError"); } });
});

test("the title bar has the colour of the page", async () => {
  for (const [mode, color] of [["light", "#ffffff"], ["dark", "#111113"]] as const) {
    const meta = Object.assign(document.createElement("meta"), { name: "theme-color", content: color });
    Object.assign(meta.dataset, { mode, color });
    document.head.append(meta);
  }
  const { remove } = await render(<InstalledApp />);
  const metas = [...document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")];
  assert.deepEqual(metas.map((meta) => meta.content), ["#ffffff", "#ffffff"]);
  await remove();
});

test("the menu installs the app while the browser offers it", async () => {
  const menu = (
    <Theme><DropdownMenu.Root open modal={false}><DropdownMenu.Trigger><button type="button">Account</button></DropdownMenu.Trigger>
      <DropdownMenu.Content><InstallItem>Install app</InstallItem></DropdownMenu.Content></DropdownMenu.Root></Theme>
  );
  const items = () => [...document.querySelectorAll("[role=menuitem]")].map((item) => item.textContent);
  const { remove } = await render(menu);
  assert.deepEqual(items(), []);
  let asked = 0;
  const offer = () => Object.assign(new Event("beforeinstallprompt", { cancelable: true }), { prompt: async () => { asked += 1; } });
  const first: InstallOffer = offer();
  await act(async () => { window.dispatchEvent(first); });
  assert.ok(first.defaultPrevented, "no banner of the browser");
  assert.deepEqual(items(), ["Install app"]);
  await click(find(document, "[role=menuitem]"));
  assert.equal(asked, 1);
  assert.equal(canInstall(), false, "an offer can be used once");

  await act(async () => { window.dispatchEvent(offer()); });
  await act(async () => { window.dispatchEvent(new Event("appinstalled")); });
  assert.deepEqual([items(), canInstall()], [[], false]);
  await askToInstall();
  assert.equal(asked, 1);
  await remove();
});
