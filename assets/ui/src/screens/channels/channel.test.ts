import { describe, expect, it } from "vitest";
import type { Objects } from "../../api/objects";
import { mailDocument, mailDraft, mailFaults, webhookDocument, webhookDraft, webhookFaults } from "./channel";

const mail = {
  name: "ops-mail",
  labels: {},
  spec: {
    type: "mail",
    host: "mail.example.org",
    port: 465,
    tls: "tls",
    username: "watchkeep",
    password_secret: "smtp",
    from: "Watchkeep <w@example.org>",
    contacts: ["li"],
    send_resolved: false,
    timeout_seconds: 20,
  },
} as unknown as Objects["channel"];

describe("channels in their forms", () => {
  it("come out as they went in", () => {
    expect(mailDocument(mailDraft(mail), mail).spec).toEqual(mail.spec);
    const hook = {
      name: "h",
      labels: {},
      spec: {
        type: "webhook",
        url: "https://h/x",
        headers: { "X-A": "b: c" },
        send_resolved: true,
        timeout_seconds: 30,
      },
    } as unknown as Objects["channel"];
    expect(webhookDocument(webhookDraft(hook), hook).spec).toEqual(hook.spec);
  });

  it("name a password's secret and never a password", () => {
    const draft = { ...mailDraft(mail), password_secret: "" };
    expect(mailFaults(draft).password_secret).toBe("required");
    expect(mailFaults({ ...draft, username: "" }).password_secret).toBeUndefined();
    expect(mailDocument({ ...mailDraft(mail), username: "" }, mail).spec).not.toHaveProperty(
      "password_secret",
    );
  });

  it("reach somebody, at an address", () => {
    const empty = { ...mailDraft(undefined), name: "m", host: "h", from: "w@h" };
    expect(mailFaults(empty).to).toBe("recipients");
    expect(mailFaults({ ...empty, to: ["li"] }).to).toBe("mails");
    expect(mailFaults({ ...empty, contacts: ["li"] }).to).toBeUndefined();
    expect(webhookFaults({ ...webhookDraft(undefined), url: "example.org" }).url).toBe("url");
  });
});
