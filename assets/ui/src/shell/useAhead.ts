/** Fetches the screen that is gone to in a hurry before somebody goes there. */
import { useIsFetching } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

/** A browser that never rests gets to it after this. */
const PATIENCE_MS = 5_000;

/** Its code and texts, not its data; once what the page in sight needs is there. */
export function useAhead() {
  const router = useRouter();
  const asking = useIsFetching() > 0;
  const done = useRef(false);
  useEffect(() => {
    if (asking || done.current) return;
    const fetchIt = () => {
      done.current = true;
      performance.mark("wk-ahead");
      // Not in reach now: it is asked for again when somebody goes there.
      router.loadRouteChunk(router.routesByPath["/alerts"])?.catch(() => undefined);
    };
    // Safari has no such callback.
    if (typeof window.requestIdleCallback !== "function") {
      const later = window.setTimeout(fetchIt, PATIENCE_MS);
      return () => window.clearTimeout(later);
    }
    const idle = window.requestIdleCallback(fetchIt, { timeout: PATIENCE_MS });
    return () => window.cancelIdleCallback(idle);
  }, [router, asking]);
}
