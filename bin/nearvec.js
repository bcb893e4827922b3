#!/usr/bin/env node
/** The `nearvec` command: out of the sources where there are any, so that a checkout needs no build; else out of dist/. */
import { existsSync } from "node:fs";

const source = new URL("../distill-job/nearvec.ts", import.meta.url);
const built = new URL("../dist/distill-job/nearvec.js", import.meta.url);
await import((existsSync(source) ? source : built).href);
