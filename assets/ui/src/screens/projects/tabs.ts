/** Words of the addresses of projects. */
export const projectTabs = ["targets", "alerts", "rules", "people"] as const;
export type ProjectTab = (typeof projectTabs)[number];

export const projectStates = ["critical", "warning", "unknown", "ok"] as const;

/** The default, worst first, has no word. */
export const projectSorts = ["project", "department", "owner", "targets", "alerts", "fired"] as const;
export type ProjectSort = (typeof projectSorts)[number];
