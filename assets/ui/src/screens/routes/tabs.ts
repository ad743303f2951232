/** Views of the screen besides the tree. */
export const routesTabs = ["policies", "intervals", "inhibitions", "routes"] as const;
export type RoutesTab = (typeof routesTabs)[number];
