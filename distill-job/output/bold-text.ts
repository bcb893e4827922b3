/** What stands out on a terminal. */
import { styleText } from "node:util";

/** Bold and coloured, one after the other: given both at once, Node 20 colours what is no terminal, too. */
export function boldText(colour: "cyan" | "green" | "red", text: string): string {
  return styleText("bold", styleText(colour, text));
}
