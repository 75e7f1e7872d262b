/** A button that opens the command palette. */
import type { ComponentProps } from "react";
import { openPalette } from "./open.ts";

export function PaletteButton(props: ComponentProps<"button">) {
  return <button {...props} type="button" data-palette-button onClick={openPalette} />;
}
