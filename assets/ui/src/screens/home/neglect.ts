/** What of the projects nobody takes care of. */
import type { Overview, ProjectHealth } from "../../api/types";

/** Of each kind so many are listed. */
const MOST = 8;

export function neglectedOf(projects: readonly ProjectHealth[]) {
  const most = (count: (project: ProjectHealth) => number) =>
    projects
      .filter((project) => count(project) > 0)
      .sort((a, b) => count(b) - count(a))
      .slice(0, MOST);
  return {
    failed: most(({ notifications }) => notifications.failed),
    untoldRules: most(({ rules }) => rules.untold),
    ownerless: most(({ owner, team }) => (owner || team ? 0 : 1)),
  };
}

export function isNeglected({ untold, elsewhere, items }: Overview): boolean {
  const lists = Object.values(neglectedOf(items));
  return untold.length + elsewhere.critical > 0 || lists.some((list) => list.length > 0);
}
