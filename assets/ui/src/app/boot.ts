/** What the server wrote into `index.html` for this request. */
import type { Session } from "../api/types";

export interface Boot {
  version: string;
  site: string;
  session: Session | null;
  /** Other ways to sign in, and whom to ask for a role. */
  signIn: { contact: string; oidc: { title: string } | null };
  nonce: string;
  /** Path prefix of the portal, without a slash at its end: `` or `/wk`. */
  prefix: string;
}

function read(): Boot {
  const text = document.getElementById("wk-boot")?.textContent ?? "{}";
  const meta = document.querySelector<HTMLMetaElement>('meta[name="wk-nonce"]');
  const sent = JSON.parse(text) as Partial<Boot> & { sign_in?: Boot["signIn"] };
  return {
    version: sent.version ?? "",
    site: sent.site ?? "",
    session: sent.session ?? null,
    signIn: sent.sign_in ?? { contact: "", oidc: null },
    nonce: meta?.content ?? "",
    prefix: new URL(document.baseURI).pathname.replace(/\/$/, ""),
  };
}

export const boot: Boot = read();
