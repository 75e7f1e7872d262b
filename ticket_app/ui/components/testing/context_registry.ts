/** Replaces Reflex's module of that name in tests. */
import { createContext } from "react";

export const ColorModeContext = createContext({ setColorMode: () => {}, resolvedColorMode: "light" });
export const EventLoopContext = createContext([() => {}, []]);
export const eventLoop = { addEvents: () => {} };
