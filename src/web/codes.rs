//! Every `WK-…` code with its help page. A code that is used anywhere in the sources and has no
//! page here fails a test; so does a page whose code nobody uses.
//!
//! Ranges: 1xxx what is declared, 2xxx the door (HTTP), 3xxx the cluster, 4xxx components,
//! 5xxx alerts.

/// One help page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// `WK-1234`
    pub code: &'static str,
    /// One line.
    pub title: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What to do about it.
    pub advice: &'static str,
}

/// The page of a code.
#[must_use]
pub fn page(code: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.code == code)
}

const fn p(
    code: &'static str,
    title: &'static str,
    meaning: &'static str,
    advice: &'static str,
) -> Page {
    Page { code, title, meaning, advice }
}

/// All pages, sorted by code.
pub static PAGES: &[Page] = &[
    p(
        "WK-1001",
        "Malformed document",
        "The text is not valid YAML or JSON, or not an object with kind, name and spec.",
        "Correct the place that the message names. `watchkeep export` shows documents of the right form.",
    ),
    p(
        "WK-1002",
        "Unknown kind",
        "There is no such kind of resource.",
        "The message lists the kinds that exist. Kinds are written in lower case with hyphens: `rule-group`.",
    ),
    p(
        "WK-1003",
        "Unknown field",
        "The spec has a field that its kind does not know. Unknown fields are refused, so that a typing error does not silently do nothing.",
        "Compare with the schema at /api/v1/schemas/KIND.",
    ),
    p(
        "WK-1004",
        "Not a name",
        "Names are 1 to 253 of a-z, 0-9, '.', '_' and '-', first and last a letter or digit.",
        "Put free text into `spec.title` and choose a short name.",
    ),
    p(
        "WK-1005",
        "Wrong type",
        "A field has a value of the wrong type, or one that is not allowed there.",
        "Compare with the schema at /api/v1/schemas/KIND.",
    ),
    p(
        "WK-1010",
        "Reference to nothing",
        "The object names another one that does not exist.",
        "Create the other object first, put both into one batch, or correct the name.",
    ),
    p(
        "WK-1011",
        "Still referenced",
        "The object cannot be deleted while others refer to it.",
        "The errors list the objects that refer to it: change or delete them first, or in the same batch.",
    ),
    p(
        "WK-1012",
        "Belongs to somebody else",
        "Channels, secrets, receivers and time intervals that belong to a project are used by that project alone, and a project's channel uses no secret but the project's own: it would send it to whatever server it names.",
        "Use one of the same project or a shared one; give the project's channel a secret with the same `project`.",
    ),
    p(
        "WK-1020",
        "PromQL is not valid",
        "The expression does not parse; the message says where and why.",
        "Correct the expression at the position given.",
    ),
    p(
        "WK-1021",
        "Matcher is not valid",
        "A matcher has the form name=\"value\" with one of =, !=, =~ and !~.",
        "Quote the value, and check the regular expression behind =~ and !~.",
    ),
    p(
        "WK-1022",
        "Duration is not valid",
        "Durations are written as in Prometheus: 30s, 5m, 1h30m.",
        "Use whole numbers with the units ms, s, m, h, d, w, y.",
    ),
    p(
        "WK-1023",
        "Label is not valid",
        "The label's name is not allowed, or it is a dimension that the project sets.",
        "Label names are [a-zA-Z_][a-zA-Z0-9_]*. Department, project, owner, system, module and environment come from the project.",
    ),
    p(
        "WK-1024",
        "Template is not valid",
        "The text opens a {{ that is never closed, or closes one that was never opened.",
        "Balance the braces.",
    ),
    p(
        "WK-1025",
        "Target address is not valid",
        "A target is written host:port, without scheme and path.",
        "Put scheme and path into the scrape job (`scheme`, `metrics_path`).",
    ),
    p(
        "WK-1026",
        "Regular expression is not valid",
        "Prometheus and Alertmanager use RE2: no look-around, no back references.",
        "Correct the expression at the position given.",
    ),
    p(
        "WK-1027",
        "URL is not valid",
        "The URL must begin with http:// or https:// and name a host.",
        "Correct the URL.",
    ),
    p(
        "WK-1028",
        "Not for a project's targets",
        "Prometheus asks from inside of the cluster and for everybody. Who is not an operator everywhere has no address scraped that is loopback, link-local or the cluster's own, and sets no label that decides what is asked (`__…`) or who seems to answer (`instance`, `job`).",
        "Name the host itself, and put path and parameters into a scrape job. An admin may list an `address:port` in settings.outgoing.allow.",
    ),
    p(
        "WK-1029",
        "Scraped by another project",
        "A target of a project that you do not look after has this address already: its series would appear under your project, too.",
        "Correct the address, or ask somebody who is an operator everywhere to declare the target.",
    ),
    p(
        "WK-1030",
        "Refused by the component's own checker",
        "promtool or amtool of the version that runs refuses the configuration this change would give.",
        "The message holds the checker's words. Nothing was changed; the last good configuration goes on.",
    ),
    p(
        "WK-1031",
        "A test of rules fails",
        "A rule test that names one of the changed rule groups does not pass, in the words of promtool.",
        "Correct the rule, or the test where the rule is meant so. Series and alerts carry the labels of the group and of its project.",
    ),
    p(
        "WK-1040",
        "Unknown metric",
        "No target that is scraped now exposes this metric, and no recording rule makes it. A warning: it can be saved.",
        "Correct the name, or save it when the metric is still to come.",
    ),
    p(
        "WK-1041",
        "Metric used against its type",
        "What the expression does with the metric rarely makes sense for a metric of this type. A warning: it can be saved.",
        "Use rate() or increase() on counters, delta() or deriv() on gauges, and keep `le` in front of histogram_quantile().",
    ),
    p(
        "WK-1042",
        "Inhibition across projects",
        "Nothing in the inhibition binds the alert that holds back to the project of the one held back: an alert of one project can hide those of another. A warning: it is saved.",
        "Add `project` to `equal`, or the same `project=\"…\"` to both lists of matchers, unless that is meant.",
    ),
    p(
        "WK-2001",
        "Malformed request",
        "The body or a header of the request cannot be read; the message says where.",
        "Correct the request. The OpenAPI document is at /api/v1/openapi.json.",
    ),
    p(
        "WK-2002",
        "Query parameter is not valid",
        "A parameter in the query string is unknown or has a value it cannot have.",
        "The message names the parameter and what it takes.",
    ),
    p(
        "WK-2003",
        "Unsupported media type",
        "The body is of a type that this path does not take.",
        "Send `Content-Type: application/json` (or `application/yaml` where documents are taken).",
    ),
    p("WK-2004", "Body too large", "The body is larger than this path takes.", "Split the batch."),
    p(
        "WK-2005",
        "No such path",
        "Nothing is served under this path.",
        "The OpenAPI document at /api/v1/openapi.json lists all paths.",
    ),
    p(
        "WK-2006",
        "No such object",
        "There is no object, node, component or revision of this name.",
        "List what exists: GET on the path without the name, or `watchkeep get KIND`.",
    ),
    p(
        "WK-2007",
        "Method not allowed",
        "The path exists, but not with this method.",
        "The `Allow` header lists the methods.",
    ),
    p(
        "WK-2008",
        "Exists already",
        "`If-None-Match: *` asks for a new object, and there is one of that name.",
        "Choose another name, or leave the header out to replace it.",
    ),
    p(
        "WK-2009",
        "Changed in between",
        "Somebody else changed the object after it was read; `If-Match` no longer holds. Nothing was written.",
        "Read the object again, look at the difference, and repeat the change (with a new `Idempotency-Key`, where one is used).",
    ),
    p(
        "WK-2010",
        "Declared content is not valid",
        "The request is well formed, but what it declares is not valid. Nothing was written.",
        "The errors say which field of which object, and why.",
    ),
    p(
        "WK-2011",
        "Not changed this way",
        "Objects of this kind hold a secret and are made by a request of their own.",
        "Tokens: POST /api/v1/tokens or `watchkeep token new`. Passwords: `watchkeep user password`.",
    ),
    p(
        "WK-2012",
        "Not before every node is upgraded",
        "A node with an older binary could not read what would be written, so nobody writes it yet.",
        "Bring every node to this version: `watchkeep status` shows who runs which. A minute after that it works.",
    ),
    p(
        "WK-2013",
        "Body not sent in time",
        "The body of the request stopped coming: 10 seconds for all of it without a sign-in, 30 seconds from one part to the next with one. Nothing was done, and the connection is closed.",
        "Send the whole body, and check the network in between; then send the request again.",
    ),
    p(
        "WK-2020",
        "Sign-in needed",
        "The request carries no session or token, or one that has ended or was revoked.",
        "Sign in, run `watchkeep login`, or set WATCHKEEP_TOKEN.",
    ),
    p(
        "WK-2021",
        "Wrong user or password",
        "User and password do not belong together, or the account is disabled.",
        "Try again. On a node, `watchkeep user reset NAME` sets a new password.",
    ),
    p(
        "WK-2022",
        "Not allowed",
        "The account's role does not allow this.",
        "Ask an admin. `GET /api/v1/session` says which role you have.",
    ),
    p(
        "WK-2023",
        "Request from another site",
        "A change with a session cookie must come from the portal's own pages: header `X-WK-Request: 1`, and an Origin of our own. This keeps other sites from acting in your name.",
        "Programs use `Authorization: Bearer` instead of the cookie and need neither header. Behind a reverse proxy, pass the Host header on unchanged; one that ends TLS is listed in `[public] trusted_proxies` and sends X-Forwarded-Proto.",
    ),
    p(
        "WK-2024",
        "Too many sign-ins",
        "Too many sign-ins failed for this account or from this address within a minute. It is counted over all nodes.",
        "Wait for the time in `Retry-After`. On a node, `watchkeep user reset NAME` sets a new password.",
    ),
    p(
        "WK-2025",
        "Password too weak",
        "A password has 10 to 1024 characters, five of them different, is not made of the user's name and not among the first that are guessed.",
        "Choose a longer one; a few words are fine.",
    ),
    p(
        "WK-2026",
        "Code needed",
        "The account has a second factor: sign-in takes the code that the authenticator app shows, each code once.",
        "Enter the code, or wait for the next one; check the clock of the phone. Device lost? An admin takes the factor away: `watchkeep user reset NAME --totp`.",
    ),
    p(
        "WK-2027",
        "No role",
        "The identity provider vouches for the person, but no group of theirs is mapped to a role here.",
        "Ask whoever looks after the site. An admin maps groups in `settings.sign_in`; the node's log names the groups that the provider told.",
    ),
    p(
        "WK-2028",
        "Identity provider unusable",
        "The identity provider did not answer, or its answer was refused.",
        "Try again. The node's log says what was wrong. Accounts of the site itself sign in all the same.",
    ),
    p(
        "WK-2029",
        "Sign-in not finished",
        "The answer of the identity provider does not belong to a sign-in that this browser began within ten minutes, or the provider refused.",
        "Sign in again, in one window.",
    ),
    p(
        "WK-2030",
        "No quorum",
        "Fewer than half of the nodes are reachable, so that nothing can be written. Reads go on, with their age.",
        "Bring the other nodes back: `watchkeep status` shows which are missing. The same request may be repeated; with the same Idempotency-Key it is done once.",
    ),
    p(
        "WK-2031",
        "The cluster is not formed yet",
        "This node does not belong to a formed cluster yet; the message says what it waits for.",
        "Start the same command line on the other machines, and check that port 8421 is open between them.",
    ),
    p(
        "WK-2032",
        "This node is behind",
        "The node has not applied the index that was asked for within the time.",
        "Repeat the request, or ask another node.",
    ),
    p(
        "WK-2033",
        "No healthy replica",
        "No node has a running, reachable instance of the component that could answer.",
        "`watchkeep status` shows the components with their errors.",
    ),
    p(
        "WK-2034",
        "Not through this entry",
        "The reverse proxy passes queries only; administration and writes never.",
        "Use the resources of /api/v1 instead.",
    ),
    p(
        "WK-2035",
        "Not a member any more",
        "This node was removed from its cluster. It keeps nothing up to date and runs nothing.",
        "Ask another node. To use this machine again, move its data directory away and start it with a new node token: `watchkeep token new --role node` on a member.",
    ),
    p(
        "WK-2036",
        "Membership cannot change so",
        "The change would leave the cluster without a quorum, or another change of the same node is under way.",
        "`watchkeep members` shows who is there. Bring silent nodes back first, or add a new one; then try again.",
    ),
    p(
        "WK-2037",
        "Not within a scope",
        "The account sees some projects only, and the query cannot be confined to them: it cannot be read, holds a part that shows more, or asks for what belongs to no project.",
        "Correct the place that the message names, or write the query simpler. Ask somebody without a scope for what belongs to no project.",
    ),
    p(
        "WK-2040",
        "Notification not accepted",
        "The body is not an Alertmanager webhook of version 4.",
        "Send what Alertmanager sends to a `webhook_config`.",
    ),
    p(
        "WK-2050",
        "Internal error",
        "A bug in Watchkeep, or damaged data. The log of the node has the details under the request id.",
        "Report it with the request id and the log lines that carry it.",
    ),
    p(
        "WK-3001",
        "Node does not answer",
        "A member of the cluster has not been heard of for more than ten seconds.",
        "Check the machine, its Watchkeep process (`watchkeep status` on it) and that port 8421 is open between the nodes.",
    ),
    p(
        "WK-3011",
        "Configuration refused by the checker of a node",
        "The component's own checker (promtool, amtool) refuses the rendered files on this node. The last good configuration stays live.",
        "The message holds the checker's words and, where it can be told, the object they are about. Correct or revert that object.",
    ),
    p(
        "WK-3012",
        "Configuration rolled back",
        "The running program refused the new configuration, or did not take it up. The previous one was put back and is live.",
        "The message holds the program's words. Correct or revert the change; it is tried again after five minutes, too.",
    ),
    p(
        "WK-3013",
        "Configuration could not be put in place",
        "The files could not be written, or the checker could not be started on this node: a full disk, missing rights.",
        "Make room or correct the rights; it is tried again every fifteen seconds.",
    ),
    p(
        "WK-3014",
        "Component not installed",
        "The component belongs on this node, but no bundle brought a build of it.",
        "Put the `.wkb` file into the node's data directory: it is found within half a minute. Or start the node with `--bundle FILE`.",
    ),
    p(
        "WK-3015",
        "Stored state cannot be rendered",
        "An object in the store cannot be read by this version. Everything goes on as it runs.",
        "Was the object written by a newer version? Bring this node to that version.",
    ),
    p(
        "WK-3016",
        "Component down",
        "A supervised program ended by itself or does not answer. It is started again with growing pauses.",
        "`watchkeep logs COMPONENT` shows its log.",
    ),
    p(
        "WK-3017",
        "Left out since it is not valid any more",
        "An object that was good when it was written is refused by the checker of this node, for instance after an upgrade. It is left out here; everything else is live.",
        "The message holds the checker's words. Correct or delete the object. It comes back by itself once the checker takes it.",
    ),
    p(
        "WK-3018",
        "Change undone by Watchkeep",
        "A program refused the change on one of the nodes, or healthy targets fell after it. It was undone on all nodes; the history has it as a change by `watchkeep`.",
        "Correct the object and change it again, or dismiss the fault. A change that is meant to lose targets: delete the targets by name, or switch `settings.safety.undo` off for it.",
    ),
    p(
        "WK-3019",
        "Alerts lost: a webhook was too large",
        "A webhook body of more than 64 MiB (also after inflating) was refused with 413. Alertmanager does not send it again, so nobody was told of the alerts in it. Shown for an hour after the last one.",
        "Alertmanager sends one body for each group: give the route a finer `group_by`, or make the annotations of these alerts shorter.",
    ),
    p(
        "WK-3020",
        "Bundle not taken",
        "A bundle that lies on this node was passed over: signed by a key that is not trusted, unsigned, or damaged. Components of other bundles run on.",
        "If you know the key that signed it: `watchkeep bundle trust KEY`, and it is taken at once on every node. Get an undamaged copy of a damaged one.",
    ),
    p(
        "WK-3021",
        "Components come from upstream",
        "Components that no bundle brought are downloaded from their projects' sites (`--online`), or could not be. The message says how far it is, or why not and when it is tried again.",
        "Wait for the download. Where the sites cannot be reached, make a bundle elsewhere (`watchkeep bundle build --from upstream`) and put it into the node's data directory.",
    ),
    p(
        "WK-3025",
        "The states of two nodes have come apart",
        "Both nodes applied the same log, but to another end. One of them is damaged, or there is a bug. All nodes compare hashes of their state all the time.",
        "Compare with the third node: `watchkeep status` shows each node's index and hash. Stop the one that differs, move its data directory away and let it join again. Report it with the logs of all nodes.",
    ),
    p(
        "WK-3030",
        "Machine not let in",
        "A machine asked to join the cluster and was refused: its token is unknown, expired, used up or for other addresses, its binary is too old, or it was removed. The audit's record has the reason.",
        "If it was yours: `watchkeep token new --role node` makes a new token. If not: see who is at that address, and close port 8421 to everybody but the nodes.",
    ),
];
