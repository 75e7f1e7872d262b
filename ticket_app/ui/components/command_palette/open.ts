/** Opens the palette from anywhere on the page. */

export const OPEN_EVENT = "open-command-palette";

export const openPalette = (): void => { document.dispatchEvent(new CustomEvent(OPEN_EVENT)); };
