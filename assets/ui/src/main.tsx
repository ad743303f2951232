import "virtual:mantine.css";
import "./app/theme.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { boot } from "./app/boot";
import { startLanguages } from "./app/i18n";
import { printLight } from "./app/print";
import { queryClient } from "./app/queryClient";
import { SessionProvider } from "./app/session";
import { theme, variables } from "./app/theme";

// A chunk of the previous version is gone after an upgrade: load the new page, but only once.
window.addEventListener("vite:preloadError", (event) => {
  const last = Number(sessionStorage.getItem("wk-reloaded") ?? 0);
  if (Date.now() - last < 30_000) return;
  event.preventDefault();
  sessionStorage.setItem("wk-reloaded", String(Date.now()));
  window.location.reload();
});

// Mantine's drawers lock scrolling through a package that writes its own style tag.
setNonce(boot.nonce);
await startLanguages(boot.session?.language || document.documentElement.lang || "en");

printLight();
const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={() => boot.nonce}
    >
      <QueryClientProvider client={queryClient}>
        <SessionProvider>
          <App />
        </SessionProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
