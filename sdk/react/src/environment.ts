/** What the browser knows about the system that a ticket is about. */

export type Environment = Record<string, string>;

const BROWSERS: [string, RegExp][] = [
  ['Edge', /Edg\/([\d.]+)/],
  ['Opera', /OPR\/([\d.]+)/],
  ['Firefox', /Firefox\/([\d.]+)/],
  ['Chrome', /Chrome\/([\d.]+)/],
  ['Safari', /Version\/([\d.]+).*Safari/],
];

const SYSTEMS: [string, RegExp][] = [
  ['Android', /Android ([\d.]+)/],
  ['iOS', /(?:iPhone|iPad).*OS ([\d_]+)/],
  ['Windows', /Windows NT ([\d.]+)/],
  ['macOS', /Mac OS X ([\d_.]+)/],
  ['ChromeOS', /CrOS \S+ ([\d.]+)/],
  ['Linux', /Linux/],
];

function firstMatch(table: [string, RegExp][], text: string): string {
  for (const [name, pattern] of table) {
    const match = pattern.exec(text);
    if (match) return `${name} ${(match[1] ?? '').replaceAll('_', '.')}`.trim();
  }
  return 'unknown';
}

interface Hints {
  deviceMemory?: number;
  connection?: { effectiveType?: string };
}

/** Return the system, the browser, the screen and more, as the form fills them in. */
export function detectEnvironment(): Environment {
  if (typeof navigator === 'undefined') return {};
  const { deviceMemory, connection } = navigator as Hints;
  const values: Record<string, string | undefined> = {
    os: firstMatch(SYSTEMS, navigator.userAgent),
    browser: firstMatch(BROWSERS, navigator.userAgent),
    screen_resolution: `${screen.width}x${screen.height}`,
    window_size: `${innerWidth}x${innerHeight}`,
    memory: deviceMemory === undefined ? undefined : `${deviceMemory} GB`,
    network: connection?.effectiveType,
    language: navigator.language,
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    page: `${location.origin}${location.pathname}`,
  };
  return Object.fromEntries(
    Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1])),
  );
}

/** Return a name of the environment as people read it: `screen_resolution` is "Screen resolution". */
export function environmentLabel(name: string): string {
  if (name === 'os') return 'Operating system';
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
