import { styleText } from "node:util";

import type { Terminal } from "./output.ts";

/** The colours that are used. None of them says anything alone. */
export type Colour = "green" | "yellow" | "magenta" | "red" | "cyan" | "blue";

/** Colours a text where the stream is a terminal that shows them: NO_COLOR and its like are asked by Node. */
export function coloured(stream: Terminal, colour: Colour, text: string): string {
  return stream.hasColors?.() === true ? styleText(colour, text, { validateStream: false }) : text;
}
