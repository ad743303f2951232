import type { Plugin } from "vite";
export function mantine(names: readonly string[]): Plugin;
