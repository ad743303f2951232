import type { Rollup } from "vite";

export const output: Rollup.OutputOptions;
