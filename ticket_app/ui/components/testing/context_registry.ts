/** Stands for Reflex's module of that name. */
import { createContext } from "react";

export const ColorModeContext = createContext({ setColorMode: () => {} });
export const EventLoopContext = createContext([() => {}, []]);
export const eventLoop = { addEvents: () => {} };
