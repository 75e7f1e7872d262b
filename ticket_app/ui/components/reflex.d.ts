/** The parts of Reflex's client that the components use. */

declare module "$/utils/context-registry" {
  import type { Context } from "react";

  type AddEvents = (...args: unknown[]) => unknown;
  export const ColorModeContext: Context<{
    setColorMode: (mode: "light" | "dark" | "system") => void;
    resolvedColorMode: string;
  }>;
  export const EventLoopContext: Context<[addEvents: AddEvents, connectErrors: unknown[]]>;
  export const eventLoop: { addEvents: AddEvents };
}

/** Set by Vite, which bundles the components. */
interface ImportMeta { readonly env?: { readonly PROD: boolean } }
