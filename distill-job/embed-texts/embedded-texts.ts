/** What `nearvec embed` says of the vectors that it has written. */
import type { NumberType } from "../../shared/embedding/number-types.ts";

export interface EmbeddedTexts {
  readonly model: string;
  readonly texts: number;
  readonly dimensions: number;
  readonly type: NumberType;
  readonly tokens: number;
}
