/** The models that come with nearvec. */
import { fileURLToPath } from "node:url";

/** 256 dimensions, 8 bits: the model that answers when a request names none. */
export const baseModelPath = fileURLToPath(new URL("../../models/base.safetensors", import.meta.url));

/** The same in 1 bit per dimension: the model that the worker carries in its bundle. */
export const nanoModelPath = fileURLToPath(new URL("../../models/nano.safetensors", import.meta.url));
