/** Which first page an account sees. */
import type { HomeView, Session } from "../../api/types";

export const homeViews: readonly HomeView[] = ["manager", "developer", "operations"];

/** What it chose, else what its role is about. */
export function viewOf(session: Pick<Session, "role" | "home"> | null): HomeView {
  if (session?.home) return session.home;
  if (session?.role === "viewer") return "manager";
  return session?.role === "developer" ? "developer" : "operations";
}
