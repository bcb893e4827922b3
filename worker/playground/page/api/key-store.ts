/** The visitor's key: kept for as long as the tab is open, sent to this worker only, never shown in code to copy. */

const storageName = "nearvec-key";

export class KeyStore {
  readonly #changed: (() => void)[] = [];

  get key(): string {
    return sessionStorage.getItem(storageName) ?? "";
  }

  set key(key: string) {
    if (key === "") sessionStorage.removeItem(storageName);
    else sessionStorage.setItem(storageName, key);
    for (const changed of this.#changed) changed();
  }

  onChange(changed: () => void): void {
    this.#changed.push(changed);
  }
}
