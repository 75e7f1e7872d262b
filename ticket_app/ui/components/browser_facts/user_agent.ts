/** Reads browser and operating system from a user agent string. */

const BROWSERS = [
  ["Edge", "Edg"], ["Opera", "OPR"], ["Samsung Internet", "SamsungBrowser"], ["Firefox", "Firefox"],
  ["Firefox", "FxiOS"], ["Chrome", "CriOS"], ["Chrome", "Chrome"],
] as const;

export function browserOf(userAgent: string): string {
  for (const [name, token] of BROWSERS) {
    const found = new RegExp(`${token}/(\\d+)`).exec(userAgent);
    if (found) return `${name} ${found[1]}`;
  }
  const safari = /Version\/([\d.]+).*Safari/.exec(userAgent);
  return safari ? `Safari ${safari[1]}` : "";
}

export function systemOf(userAgent: string): string {
  // The user agent of Android also contains "Linux", so Android is checked first.
  const found = (/Android [\d.]+/.exec(userAgent) ?? /(?:iPhone )?OS [\d_]+ like Mac|Mac OS X [\d_.]+|Windows NT [\d.]+|CrOS|Linux/.exec(userAgent))?.[0] ?? "";
  const version = found.replaceAll("_", ".");
  if (version.includes("like Mac")) return version.replace(" like Mac", "").replace(/^(iPhone )?OS/, "iOS");
  return version.replace("Mac OS X", "macOS").replace("Windows NT 10.0", "Windows 10 or 11").replace("CrOS", "ChromeOS");
}
