/** Says aloud, to those who listen to the page, what others see change. */
import { element } from "./element.ts";

export class Announcer {
  readonly element = element("p", { class: "unseen", role: "status" });
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Waits for a pause in typing, so that not every keystroke speaks. */
  say(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.element.textContent = text;
    }, 700);
  }
}
