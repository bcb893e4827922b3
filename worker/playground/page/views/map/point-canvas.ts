/** Points on a canvas: the pointer finds the nearest, arrow keys go from one to the next. */
import { element } from "../../dom/element.ts";
import { colours } from "./point-colours.ts";

export interface MapContent {
  /** Where each point is, in the map's own units. */
  readonly places: readonly (readonly [number, number])[];
  /** As in point-colours.ts. */
  readonly colour: readonly number[];
}

export interface MapQuery {
  readonly place: readonly [number, number];
  /** The points nearest to it, which it is joined to. */
  readonly nearest: readonly number[];
}

/** Pixels around the points. */
const margin = 28;

/** Pixels from the pointer within which a point counts as pointed at. */
const reach = 18;

const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export class PointCanvas {
  readonly element: HTMLElement;
  readonly #canvas = element("canvas", { "aria-hidden": "true" });
  readonly #pointed: (index: number) => void;
  #content: MapContent = { places: [], colour: [] };
  #query: MapQuery | null = null;
  #current = -1;
  /** Of each point, pixels from the canvas's upper left corner. */
  #pixels: (readonly [number, number])[] = [];
  #awaited = false;

  /** @param pointed Told the point under the pointer or the keys' cursor; -1 for none. */
  constructor(describedBy: string, pointed: (index: number) => void) {
    this.#pointed = pointed;
    this.element = element(
      "div",
      {
        class: "canvas",
        role: "application",
        tabindex: 0,
        "aria-label": "Map of documents: arrow keys go from point to point",
        "aria-describedby": describedBy,
        onpointermove: (event: PointerEvent) => this.#onPointer(event),
        onpointerdown: (event: PointerEvent) => this.#onPointer(event),
        onkeydown: (event: KeyboardEvent) => this.#onKey(event),
        onfocus: () => {
          if (this.#current === -1) this.#point(this.#nearestTo(this.#middle()));
        },
      },
      this.#canvas,
    );
    new ResizeObserver(() => this.#draw()).observe(this.element);
    addEventListener("nearvec-theme", () => this.#draw());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
  }

  show(content: MapContent): void {
    this.#content = content;
    if (this.#current >= content.places.length) this.#current = -1;
    this.#draw();
  }

  showQuery(query: MapQuery | null): void {
    this.#query = query;
    this.#draw();
  }

  mark(index: number): void {
    this.#current = index;
    this.#draw();
  }

  #onPointer(event: PointerEvent): void {
    const { left, top } = this.element.getBoundingClientRect();
    const at = [event.clientX - left, event.clientY - top] as const;
    const index = this.#nearestTo(at);
    if (index === this.#current || index === -1 || distance(this.#pixels[index]!, at) > reach) return;
    this.#point(index);
  }

  #onKey(event: KeyboardEvent): void {
    const direction = steps[event.key];
    const to =
      direction !== undefined
        ? this.#nextTowards(direction)
        : event.key === "Home"
          ? (this.#query?.nearest[0] ?? 0)
          : undefined;
    if (to === undefined) return;
    event.preventDefault();
    if (to !== -1) this.#point(to);
  }

  #point(index: number): void {
    this.#current = index;
    this.#pointed(index);
    this.#draw();
  }

  #middle(): readonly [number, number] {
    return [this.element.clientWidth / 2, this.element.clientHeight / 2];
  }

  #nearestTo(at: readonly [number, number]): number {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const [i, pixel] of this.#pixels.entries()) {
      const away = distance(pixel, at);
      if (away < least) [best, least] = [i, away];
    }
    return best;
  }

  /** The nearest point that lies rather in this direction than beside it; -1 if there is none. */
  #nextTowards([dx, dy]: readonly [number, number]): number {
    const from = this.#pixels[this.#current] ?? this.#middle();
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const [i, [x, y]] of this.#pixels.entries()) {
      if (i === this.#current) continue;
      const along = (x - from[0]) * dx + (y - from[1]) * dy;
      const beside = Math.abs((x - from[0]) * dy) + Math.abs((y - from[1]) * dx);
      // Of two in one place the later one lies ahead, or it could never be reached.
      const ahead = along > 0 || (along === 0 && beside === 0 && i > this.#current);
      if (!ahead || beside > along) continue;
      const cost = along + 2 * beside;
      if (cost < least) [best, least] = [i, cost];
    }
    return best;
  }

  /** Once for all that changes before the next frame. */
  #draw(): void {
    if (this.#awaited) return;
    this.#awaited = true;
    requestAnimationFrame(() => {
      this.#awaited = false;
      this.#drawNow();
    });
  }

  #drawNow(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width === 0 || height === 0) return;
    const density = devicePixelRatio;
    this.#canvas.width = Math.round(width * density);
    this.#canvas.height = Math.round(height * density);
    const context = this.#canvas.getContext("2d")!;
    context.scale(density, density);
    const toPixel = this.#scale(width, height);
    this.#pixels = this.#content.places.map(toPixel);
    const ink = inks(this.#canvas);
    const radius = this.#pixels.length > 1500 ? 2.5 : this.#pixels.length > 300 ? 3.5 : 5;
    if (this.#query !== null) this.#drawLines(context, toPixel(this.#query.place), ink.line);
    context.globalAlpha = this.#pixels.length > 300 ? 0.75 : 0.9;
    for (const [i, [x, y]] of this.#pixels.entries()) {
      context.fillStyle = ink.points[this.#content.colour[i]!] ?? ink.other;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fill();
    }
    context.globalAlpha = 1;
    if (this.#query !== null) drawQuery(context, toPixel(this.#query.place), ink);
    const current = this.#pixels[this.#current];
    if (current === undefined) return;
    context.strokeStyle = ink.ink;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(...current, radius + 4, 0, 2 * Math.PI);
    context.stroke();
  }

  #drawLines(context: CanvasRenderingContext2D, from: readonly [number, number], line: string): void {
    context.strokeStyle = line;
    context.lineWidth = 1;
    for (const index of this.#query!.nearest) {
      const to = this.#pixels[index];
      if (to === undefined) continue;
      context.beginPath();
      context.moveTo(...from);
      context.lineTo(...to);
      context.stroke();
    }
  }

  /** Both axes by one measure, so that distances are true. The query has a place as the points have. */
  #scale(width: number, height: number): (place: readonly [number, number]) => readonly [number, number] {
    const all = this.#query === null ? this.#content.places : [...this.#content.places, this.#query.place];
    const xs = rangeOf(all, 0);
    const ys = rangeOf(all, 1);
    const factor = Math.min(
      (width - 2 * margin) / (xs.to - xs.from || 1),
      (height - 2 * margin) / (ys.to - ys.from || 1),
    );
    const middle = [(xs.from + xs.to) / 2, (ys.from + ys.to) / 2] as const;
    return ([x, y]) => [width / 2 + (x - middle[0]) * factor, height / 2 - (y - middle[1]) * factor];
  }
}

interface Inks {
  readonly points: readonly string[];
  readonly other: string;
  readonly ink: string;
  readonly surface: string;
  readonly line: string;
}

/** The style's colours as they are now. A canvas knows nothing of `light-dark()`: an element tells what it comes to. */
function inks(canvas: HTMLCanvasElement): Inks {
  const resolve = (name: string): string => {
    canvas.style.setProperty("color", `var(${name})`);
    return getComputedStyle(canvas).color;
  };
  return {
    points: Array.from({ length: colours }, (_, i) => resolve(`--point-${i}`)),
    other: resolve("--edge"),
    ink: resolve("--ink"),
    surface: resolve("--surface"),
    line: resolve("--edge"),
  };
}

/** A diamond, which no document has. */
function drawQuery(
  context: CanvasRenderingContext2D,
  [x, y]: readonly [number, number],
  { ink, surface }: Inks,
): void {
  const size = 9;
  context.beginPath();
  context.moveTo(x, y - size);
  context.lineTo(x + size, y);
  context.lineTo(x, y + size);
  context.lineTo(x - size, y);
  context.closePath();
  context.fillStyle = ink;
  context.strokeStyle = surface;
  context.lineWidth = 2;
  context.fill();
  context.stroke();
}

function rangeOf(places: readonly (readonly [number, number])[], axis: 0 | 1): { from: number; to: number } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const place of places) {
    from = Math.min(from, place[axis]);
    to = Math.max(to, place[axis]);
  }
  return places.length === 0 ? { from: 0, to: 0 } : { from, to };
}

function distance([x, y]: readonly [number, number], [u, v]: readonly [number, number]): number {
  return Math.hypot(x - u, y - v);
}
