/** What was asked of the server and when to ask again; one for the page, also for the router. */
import { QueryClient } from "@tanstack/react-query";
import { isTransient } from "../api/http";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 3_000,
      // A site without internet is not offline.
      networkMode: "always",
      retry: (failures, error) => failures < 2 && isTransient(error),
      retryDelay: (attempt) => 500 * 2 ** attempt,
    },
    mutations: { networkMode: "always" },
  },
});
