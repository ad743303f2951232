/**
 * A real OpenID provider (npm `oidc-provider`) as a process of its own:
 * `node provider.mjs PORT REDIRECT`. It says `ready` when it listens. Whoever signs in at its page
 * is taken for the name that they type; their groups are below.
 */
import Provider from "../../assets/ui/node_modules/oidc-provider/lib/index.js";

const [port, redirect] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const groups = { dora: ["shop-developers", "chess"], victor: ["chess"] };

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "watchkeep",
      client_secret: "the secret of the client",
      redirect_uris: [redirect],
      response_types: ["code"],
      grant_types: ["authorization_code"],
      token_endpoint_auth_method: "client_secret_basic",
    },
  ],
  pkce: { required: () => true },
  claims: { openid: ["sub"], email: ["email"], profile: ["name", "preferred_username", "groups"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, preferred_username: id, name: `${id} at the provider`, groups: groups[id] ?? [] }),
  }),
  features: { devInteractions: { enabled: true } },
  cookies: { keys: ["only for this test"] },
});

provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
