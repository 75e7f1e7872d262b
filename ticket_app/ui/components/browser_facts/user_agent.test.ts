import assert from "node:assert/strict";
import { test } from "node:test";
import { browserOf, systemOf } from "./user_agent.ts";

const AGENTS = {
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0": ["Edge 131", "Windows 10 or 11"],
  "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0": ["Firefox 133", "Linux"],
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15": ["Safari 18.1", "macOS 10.15.7"],
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1": ["Chrome 131", "iOS 18.1"],
  "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36": ["Samsung Internet 26", "Android 14"],
  "curl/8.5.0": ["", ""],
};

test("browser and system are read from the user agent", () => {
  for (const [agent, expected] of Object.entries(AGENTS)) assert.deepEqual([browserOf(agent), systemOf(agent)], expected, agent);
});
