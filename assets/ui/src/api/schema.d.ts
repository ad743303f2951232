// Generated from tests/golden/openapi.json by `npm run types`. Do not edit.
export interface paths {
    "/-/healthy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process is alive. */
        get: operations["healthy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/-/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The node can do its work: formed, and a leader is known. */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/alertmanager/api/v2/silence/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A silence as an Alertmanager has it. */
        get: operations["alertmanager_get_silence"];
        put?: never;
        post?: never;
        /** End a silence (API v2). */
        delete: operations["alertmanager_delete_silence"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/alertmanager/api/v2/silences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Silences as an Alertmanager has them. */
        get: operations["alertmanager_get_silences"];
        put?: never;
        /** Make or change a silence (API v2). */
        post: operations["alertmanager_post_silence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prometheus/api/v1/label/{name}/values": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Query API of a healthy prometheus, read-only. */
        get: operations["prometheus_get_api_v1_label_name_values"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alert-history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Changes of alert states, newest first. Kept for 30 days, and at most 50,000 of them. */
        get: operations["alert_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alerts, most severe first. */
        get: operations["alerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{fingerprint}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One alert with its receipts and its timeline; also one that is over, while it is remembered. */
        get: operations["alert"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Apply a batch: all or nothing, or with `partial` all that is good. JSON (an object or a list;
         *     `"delete": true` removes, `"if_match": "REVISION"` is refused when the object is not at that
         *     revision any more) or YAML (any number of documents).
         */
        post: operations["apply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did, or tried, what: newest first. */
        get: operations["audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything, oldest first, one JSON object a line: first where the chain begins, then the records
         *     as they were written down, each with its hash: SHA-256 over the bytes of the hash before and
         *     the text of `record` exactly as it stands there.
         */
        get: operations["export_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Follow the audit of the answering node from its first to its newest record. */
        get: operations["verify_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List channels.
         * @description One way to reach somebody.
         */
        get: operations["list_channel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of channels. */
        get: operations["read_channel"];
        /** Create or replace one of channels. */
        put: operations["put_channel"];
        post?: never;
        /** Delete one of channels. */
        delete: operations["delete_channel"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a test over one channel, with the other side's answer. Leaves a receipt. */
        post: operations["test_channel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List contacts.
         * @description A person, with the addresses under which they are reached.
         */
        get: operations["list_contact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of contacts. */
        get: operations["read_contact"];
        /** Create or replace one of contacts. */
        put: operations["put_contact"];
        post?: never;
        /** Delete one of contacts. */
        delete: operations["delete_contact"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/departments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List departments.
         * @description A department: the coarsest dimension.
         */
        get: operations["list_department"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/departments/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of departments. */
        get: operations["read_department"];
        /** Create or replace one of departments. */
        put: operations["put_department"];
        post?: never;
        /** Delete one of departments. */
        delete: operations["delete_department"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own draft of an object of this kind. */
        get: operations["draft"];
        /** Keep a draft for 30 days; it takes the place of the one before. At most 64 KiB. */
        put: operations["put_draft"];
        post?: never;
        /** Forget a draft; none is no error. */
        delete: operations["delete_draft"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Changes as they happen (`text/event-stream`; resumes with `Last-Event-ID`). */
        get: operations["events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Declared objects as YAML that `apply` takes again; without API tokens, whose secrets nobody
         *     knows.
         */
        get: operations["export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/faults/{code}/dismiss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Dismiss a fault that is kept until somebody acts on it (WK-3018). Others go with their cause. */
        post: operations["dismiss_fault"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who changed what, newest first. */
        get: operations["history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/history/{revision}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything one revision changed, or with `against` what differs between two. */
        get: operations["one_revision"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/history/{revision}/revert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undo what a revision changed, all of it or in one object, as a new change. A revert can be
         *     reverted.
         */
        post: operations["revert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inhibitions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List inhibitions.
         * @description Alerts that hold back others (Alertmanager's inhibition rule).
         */
        get: operations["list_inhibition"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inhibitions/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of inhibitions. */
        get: operations["read_inhibition"];
        /** Create or replace one of inhibitions. */
        put: operations["put_inhibition"];
        post?: never;
        /** Delete one of inhibitions. */
        delete: operations["delete_inhibition"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/join-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All join tokens, without their secrets. */
        get: operations["list"];
        put?: never;
        /** Make a token that lets machines join as nodes; the answer is the only time it is shown. */
        post: operations["make"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/join-tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a join token; it lets nobody in from now on. */
        delete: operations["revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/logs/{node}/{component}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A component's log on a node (its name or id). */
        get: operations["log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The members of the cluster, their part in it and where their portals answer. */
        get: operations["members"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members/{node}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a node out of the cluster for good. It begins at once; `GET /api/v1/members` shows when
         *     it is done. The machine can come back only as a new node.
         */
        delete: operations["remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notify/{receiver}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Alertmanager's webhook (version 4) for a receiver, at most 64 MiB, also with
         *     `Content-Encoding: gzip`. Never answered with 429.
         */
        post: operations["accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/observed/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Declared rules with their state, merged over both replicas. */
        get: operations["observed_rules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/observed/silences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is silenced, and whether every Alertmanager has it. */
        get: operations["observed_silences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/observed/targets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Declared targets with their health. */
        get: operations["observed_targets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document. */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every project in sight with its state and why, and the sums of departments. */
        get: operations["overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List policies.
         * @description Who is told of the alerts of projects or departments, by severity and time.
         */
        get: operations["list_policy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of policies. */
        get: operations["read_policy"];
        /** Create or replace one of policies. */
        put: operations["put_policy"];
        post?: never;
        /** Delete one of policies. */
        delete: operations["delete_policy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List projects.
         * @description A project with its owner and the dimension labels its series carry.
         */
        get: operations["list_project"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of projects. */
        get: operations["read_project"];
        /** Create or replace one of projects. */
        put: operations["put_project"];
        post?: never;
        /** Delete one of projects. */
        delete: operations["delete_project"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/receipts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of notifications, newest first. */
        get: operations["receipts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/receivers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List receivers.
         * @description Who is told, over which channels.
         */
        get: operations["list_receiver"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/receivers/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of receivers. */
        get: operations["read_receiver"];
        /** Create or replace one of receivers. */
        put: operations["put_receiver"];
        post?: never;
        /** Delete one of receivers. */
        delete: operations["delete_receiver"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/receivers/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a test over all channels of a receiver, with each one's answer. Leaves receipts. */
        post: operations["test_receiver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List roles.
         * @description A role beside the built-in ones: what a built-in one may do, and changing some kinds more.
         */
        get: operations["list_role"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of roles. */
        get: operations["read_role"];
        /** Create or replace one of roles. */
        put: operations["put_role"];
        post?: never;
        /** Delete one of roles. */
        delete: operations["delete_role"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List routes.
         * @description Which alerts go to which receiver.
         */
        get: operations["list_route"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routes/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Who would be told of an alert with these labels. Writes nothing. */
        post: operations["routes_explain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routes/tree": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The route tree, made from settings, routes, policies and teams. */
        get: operations["routes_tree"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routes/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of routes. */
        get: operations["read_route"];
        /** Create or replace one of routes. */
        put: operations["put_route"];
        post?: never;
        /** Delete one of routes. */
        delete: operations["delete_route"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rule-groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List rule-groups.
         * @description Alerting and recording rules of a project (Prometheus' rule group).
         */
        get: operations["list_rule_group"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rule-groups/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of rule-groups. */
        get: operations["read_rule_group"];
        /** Create or replace one of rule-groups. */
        put: operations["put_rule_group"];
        post?: never;
        /** Delete one of rule-groups. */
        delete: operations["delete_rule_group"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rule-tests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List rule-tests.
         * @description What rules must do on given series (promtool's test file).
         */
        get: operations["list_rule_test"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rule-tests/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of rule-tests. */
        get: operations["read_rule_test"];
        /** Create or replace one of rule-tests. */
        put: operations["put_rule_test"];
        post?: never;
        /** Delete one of rule-tests. */
        delete: operations["delete_rule_test"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check one rule without saving it: `PromQL`, durations, labels, templates, and by what is known
         *     of the metrics it names.
         */
        post: operations["check_rule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rule groups as one Prometheus rule file, without the labels that projects put on them; or a
         *     test of rules as promtool's test file.
         */
        get: operations["export_rules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import a Prometheus rule file: one `rule-group` a group. What `promtool check rules` refuses
         *     is refused with line and column; the same file again changes nothing.
         */
        post: operations["import_rules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics by words of their name and help text; over both replicas, at most a minute old. */
        get: operations["rule_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** When a rule would have been firing in the recent past, by the data of a healthy Prometheus. */
        post: operations["preview_rule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Ready-made rules to start from. */
        get: operations["rule_templates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a test of rules without saving it. Series and alerts carry the labels that the groups'
         *     projects put on them.
         */
        post: operations["test_rules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schemas/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** JSON Schema of a kind's objects. */
        get: operations["schema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scrape-jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List scrape-jobs.
         * @description How a group of targets is scraped (Prometheus' scrape_config).
         */
        get: operations["list_scrape_job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scrape-jobs/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of scrape-jobs. */
        get: operations["read_scrape_job"];
        /** Create or replace one of scrape-jobs. */
        put: operations["put_scrape_job"];
        post?: never;
        /** Delete one of scrape-jobs. */
        delete: operations["delete_scrape_job"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List secrets.
         * @description A password or key for a channel; its value is set apart and never shown.
         */
        get: operations["list_secret"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/secrets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of secrets. */
        get: operations["read_secret"];
        /** Create or replace one of secrets. */
        put: operations["put_secret"];
        post?: never;
        /** Delete one of secrets. */
        delete: operations["delete_secret"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/secrets/{name}/value": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set a secret's value; it takes effect with the next message. It is never shown again. */
        post: operations["set_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I. */
        get: operations["who_am_i"];
        put?: never;
        /** Sign in: answers with the session cookie. */
        post: operations["sign_in"];
        /** Sign out: the session ends on every node. */
        delete: operations["sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/home": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Choose one's own first page of the portal. */
        put: operations["set_home"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/language": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Choose one's own language of the portal. */
        put: operations["set_language"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/oidc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sign in at the declared OpenID provider. */
        get: operations["begin_oidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/oidc/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Back from the provider: opens the session. */
        get: operations["finish_oidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether one's own account has a second factor. */
        get: operations["show_second_factor"];
        /** Confirm: from now on sign-in asks for a code. */
        put: operations["confirm_second_factor"];
        /** Begin: a new secret, which counts once a code of it is confirmed within ten minutes. */
        post: operations["begin_second_factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/totp/off": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Turn one's own second factor off. */
        post: operations["turn_off_second_factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sessions that are open: one's own, or as admin anybody's. */
        get: operations["list_sessions"];
        put?: never;
        post?: never;
        /**
         * Sign out everywhere else: ends all sessions but the one that asks. As admin with `user` those
         *     of somebody else, `*` for everybody's.
         */
        delete: operations["end_sessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one session, at once and on every node: one's own, or as admin anybody's. */
        delete: operations["end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List settings.
         * @description The one object `default` with the settings of the cluster.
         */
        get: operations["list_settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of settings. */
        get: operations["read_settings"];
        /** Create or replace one of settings. */
        put: operations["put_settings"];
        post?: never;
        /** Delete one of settings. */
        delete: operations["delete_settings"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-in/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try the providers of `settings.sign_in` as given, saved or not: an OpenID provider's own
         *     description, a directory's connection and search. Writes nothing. The password of `bind_dn` is
         *     sent only where the declared settings send it, too.
         */
        post: operations["check_sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/silences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List silences.
         * @description Alerts held back for a time (Alertmanager's silence).
         */
        get: operations["list_silence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/silences/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What would a silence with these matchers hide right now? */
        post: operations["preview_silence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/silences/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of silences. */
        get: operations["read_silence"];
        /** Create or replace one of silences. */
        put: operations["put_silence"];
        post?: never;
        /** Delete one of silences. */
        delete: operations["delete_silence"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/silences/{name}/expire": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a silence now. The object stays, for those who ask what was silenced. */
        post: operations["expire_silence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/snapshot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything the cluster keeps, as of now, sealed with the passphrase in the header
         *     `X-WK-Passphrase` (base64, at least 12 characters). `watchkeep snapshot restore` opens it.
         */
        get: operations["save"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The cluster: nodes, components, faults. */
        get: operations["status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/targets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List targets.
         * @description Addresses to scrape for a job and a project (one file_sd entry).
         */
        get: operations["list_target"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/targets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of targets. */
        get: operations["read_target"];
        /** Create or replace one of targets. */
        put: operations["put_target"];
        post?: never;
        /** Delete one of targets. */
        delete: operations["delete_target"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/teams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List teams.
         * @description People who look after projects together.
         */
        get: operations["list_team"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/teams/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of teams. */
        get: operations["read_team"];
        /** Create or replace one of teams. */
        put: operations["put_team"];
        post?: never;
        /** Delete one of teams. */
        delete: operations["delete_team"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/time-intervals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List time-intervals.
         * @description Times of the week or year (Alertmanager's time interval).
         */
        get: operations["list_time_interval"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/time-intervals/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of time-intervals. */
        get: operations["read_time_interval"];
        /** Create or replace one of time-intervals. */
        put: operations["put_time_interval"];
        post?: never;
        /** Delete one of time-intervals. */
        delete: operations["delete_time_interval"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/token-uses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** When API tokens were last used, and from where. */
        get: operations["token_uses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tokens.
         * @description An API token; its secret is shown once.
         */
        get: operations["list_token"];
        put?: never;
        /** Make an API token; the answer is the only time it is shown. */
        post: operations["make_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of tokens. */
        get: operations["read_token"];
        put?: never;
        post?: never;
        /** Delete one of tokens. */
        delete: operations["delete_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List users.
         * @description A local account.
         */
        get: operations["list_user"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of users. */
        get: operations["read_user"];
        /** Create or replace one of users. */
        put: operations["put_user"];
        post?: never;
        /** Delete one of users. */
        delete: operations["delete_user"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{name}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set a password. All sessions of the account end; one's own goes on with a new cookie. */
        post: operations["set_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{name}/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take the second factor of an account away: its device is lost. */
        delete: operations["reset_second_factor"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/alertmanager/api/v2/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Query API of a healthy alertmanager, read-only. */
        get: operations["alertmanager_get_api_v2_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/help": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All codes. */
        get: operations["index"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/help/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The help page of a code. */
        get: operations["help"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics of this node's Watchkeep, in Prometheus' text format. */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prometheus/api/v1/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Query API of a healthy prometheus, read-only. */
        get: operations["prometheus_get_api_v1_query"];
        put?: never;
        /** Query API of a healthy prometheus, read-only. */
        post: operations["prometheus_post_api_v1_query"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prometheus/api/v1/query_range": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Query API of a healthy prometheus, read-only. */
        get: operations["prometheus_get_api_v1_query_range"];
        put?: never;
        /** Query API of a healthy prometheus, read-only. */
        post: operations["prometheus_post_api_v1_query_range"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prometheus/api/v1/query_exemplars": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Query API of a healthy prometheus, read-only. */
        get: operations["prometheus_get_api_v1_query_exemplars"];
        put?: never;
        /** Query API of a healthy prometheus, read-only. */
        post: operations["prometheus_post_api_v1_query_exemplars"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prometheus/api/v1/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Query API of a healthy prometheus, read-only. */
        get: operations["prometheus_get_api_v1_series"];
        put?: never;
        /** Query API of a healthy prometheus, read-only. */
        post: operations["prometheus_post_api_v1_series"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prometheus/api/v1/labels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Query API of a healthy prometheus, read-only. */
        get: operations["prometheus_get_api_v1_labels"];
        put?: never;
        /** Query API of a healthy prometheus, read-only. */
        post: operations["prometheus_post_api_v1_labels"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prometheus/api/v1/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Query API of a healthy prometheus, read-only. */
        get: operations["prometheus_get_api_v1_metadata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prometheus/api/v1/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Query API of a healthy prometheus, read-only. */
        get: operations["prometheus_get_api_v1_rules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prometheus/api/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Query API of a healthy prometheus, read-only. */
        get: operations["prometheus_get_api_v1_alerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prometheus/api/v1/targets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Query API of a healthy prometheus, read-only. */
        get: operations["prometheus_get_api_v1_targets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prometheus/api/v1/targets/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Query API of a healthy prometheus, read-only. */
        get: operations["prometheus_get_api_v1_targets_metadata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prometheus/api/v1/status/buildinfo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Query API of a healthy prometheus, read-only. */
        get: operations["prometheus_get_api_v1_status_buildinfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prometheus/federate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Query API of a healthy prometheus, read-only. */
        get: operations["prometheus_get_federate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/alertmanager/api/v2/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Query API of a healthy alertmanager, read-only. */
        get: operations["alertmanager_get_api_v2_alerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/alertmanager/api/v2/alerts/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Query API of a healthy alertmanager, read-only. */
        get: operations["alertmanager_get_api_v2_alerts_groups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/alertmanager/api/v2/receivers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Query API of a healthy alertmanager, read-only. */
        get: operations["alertmanager_get_api_v2_receivers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/assets/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file of the portal. */
        get: operations["asset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description One pending or firing alert of a rule. */
        ActiveAlert: {
            /** @description RFC 3339: since when the condition holds. */
            active_at: string;
            /** @description As in Alertmanager. */
            fingerprint: string;
            labels: components["schemas"]["BTreeMap"];
            /** @description `pending` or `firing`. */
            state: string;
            /**
             * Format: double
             * @description Of the expression; none where it is not finite.
             */
            value?: number | null;
        };
        /** @description What happens to one component of one node. */
        AffectedLine: {
            /**
             * @description Rendered with the builds and folders of the answering node: those of the other one are
             *     known to it alone.
             */
            assumed: boolean;
            /** @description `prometheus`, `alertmanager`, … */
            component: string;
            /** @description `targets` (no reload), `reload`, `restart`, `start` or `stop`. */
            effect: string;
            /** @description Files that change, come or go. */
            files: components["schemas"]["FileLine"][];
            /** @description Id of the node. */
            node: string;
            /** @description Its name. */
            node_name: string;
        };
        /** @description One alert. */
        Alert: {
            /** @description Texts. */
            annotations: {
                [key: string]: string;
            };
            /** @description Alertmanager's fingerprint of its labels. */
            fingerprint: string;
            /** @description Where the rule can be looked at, as Prometheus wrote it. */
            generator_url: string;
            /** @description Fingerprints of alerts that hold it back. */
            inhibited_by: string[];
            /** @description All labels. */
            labels: components["schemas"]["BTreeMap"];
            /** @description The label `alertname`. */
            name: string;
            /** @description The label `project`; may be empty. */
            project: string;
            /** @description What became of its notifications, newest first; only for a single alert. */
            receipts: components["schemas"]["Receipt"][];
            /** @description Names of the receivers it is routed to. */
            receivers: string[];
            /** @description The label `severity`; may be empty. */
            severity: string;
            /** @description Ids of silences that hold it back. */
            silenced_by: string[];
            /** @description RFC 3339. */
            starts_at: string;
            /**
             * @description `firing`, `silenced`, `inhibited`; `pending` for one only Prometheus knows of; `resolved`
             *     for a single one that is over, `inactive` where it was but pending.
             */
            state: string;
            /** @description What happened to it, oldest first; only for a single alert. */
            timeline?: components["schemas"]["TimelineEntry"][];
            /** @description RFC 3339. */
            updated_at: string;
        };
        /** @description One change of an alert's state. */
        AlertChange: {
            /** @description Name of the alert. */
            alert: string;
            /** @description RFC 3339: the evaluation that brought it. */
            at: string;
            /** @description As in Alertmanager. */
            fingerprint: string;
            /** @description `inactive`, `pending` or `firing`. */
            from_state: string;
            /** @description Name of the rule-group. */
            group: string;
            /** @description Its place in the history. */
            id: string;
            labels: components["schemas"]["BTreeMap"];
            /** @description The label `project`; may be empty. */
            project: string;
            /** @description `pending`, `firing`, `resolved`, or `inactive` for a pending alert that cleared. */
            state: string;
            /**
             * Format: double
             * @description Of the expression; none where it is not known or not finite.
             */
            value?: number | null;
        };
        /** @description Alerts: firing ones by severity, and those that tell nobody. */
        AlertCounts: {
            critical: number;
            info: number;
            /** @description Of a severity that nobody agreed on, or of none. */
            other: number;
            /** @description Not for long enough yet. */
            pending: number;
            /** @description Held back by a silence or an inhibition. */
            silenced: number;
            warning: number;
        };
        /** @description A page of changes. */
        AlertHistory: {
            /** @description Newest first. */
            items: components["schemas"]["AlertChange"][];
            /** @description Give it as `before` for the next page; none = the end. */
            next?: string | null;
        };
        /** @description A page of alerts. */
        Alerts: components["schemas"]["Page_Alert"] & {
            /** @description Ids of nodes whose Alertmanager did not answer. */
            missing: string[];
            /** @description How many alerts lie outside the asked scope. */
            outside: number;
        };
        /** @description What a batch does, or would do. */
        Applied: {
            /**
             * @description Programs that notice. In a dry run on all nodes and with differences, else on one node and
             *     by path alone.
             */
            affected: components["schemas"]["AffectedLine"][];
            /** @description Every object of the batch that is good. */
            changes: components["schemas"]["ChangeLine"][];
            /** @description It was a dry run: nothing was written. */
            dry_run: boolean;
            /** @description What is wrong: in a dry run, and what `partial` left out. */
            errors: components["schemas"]["ProblemItem"][];
            /** @description Log index of the write; none when nothing was written. */
            index?: string | null;
            /** @description What could not be checked. */
            warnings: string[];
        };
        /** @description One thing that was done or tried. */
        AuditLine: {
            /** @description What it was about, where that is no declared object. */
            about?: string | null;
            /** @description Account, `token/NAME`, `local/UID`, `node/ID`, `system`; empty for nobody known. */
            actor: string;
            /** @description What the client said it is. For admins and for the actor. */
            agent?: string | null;
            /** @description When. */
            at: string;
            /** @description Code of the refusal; its page is `/help/CODE`. */
            code?: string | null;
            /**
             * Format: int32
             * @description How many times in a row, until `last`.
             */
            count: number;
            /** @description Source address, or `uid N` on a node's own socket. For admins and for the actor. */
            from?: string | null;
            /** @description Hash of the record, hexadecimal. */
            hash: string;
            /** @description When it happened the last time. */
            last?: string | null;
            /**
             * Format: int64
             * @description How many objects it changed, those among them that may not be seen left out.
             */
            n_objects: number;
            /** @description The objects it changed, at most 200; what they were and are is in the history. */
            objects: components["schemas"]["AuditObject"][];
            /** @description `done` or `refused`. */
            outcome: string;
            /** @description Id of the request. */
            request?: string | null;
            /** @description Revision of all it changed; none where it changed no object. */
            revision?: string | null;
            /** @description Method and path. */
            route?: string | null;
            /**
             * Format: int64
             * @description Position in the chain.
             */
            seq: number;
            /**
             * @description `change`, `revert`, `sign-in`, `sign-out`, `token-make`, …; `request` for anything else
             *     that was refused.
             */
            verb: string;
            /** @description `session`, `token` or `socket`. */
            via?: string | null;
            /** @description The reason that was given; may be empty. */
            why: string;
        };
        /** @description An object that a record is about. */
        AuditObject: {
            /** @description Its revision after; none = it was deleted. */
            after?: string | null;
            /** @description Its revision before; none = it was created. */
            before?: string | null;
            /** @description Its kind. */
            kind: string;
            /** @description Its name. */
            name: string;
        };
        /** @description A page of the audit, newest first. */
        AuditPage: {
            /** @description Newest first. */
            items: components["schemas"]["AuditLine"][];
            /**
             * @description Give it as `cursor` for the next page; none = the end of what is kept. A page may be
             *     shorter than asked for, or empty, and still have a next one.
             */
            next?: string | null;
        };
        BTreeMap: {
            [key: string]: string;
        };
        /** @description What happens to one object. */
        ChangeLine: {
            /** @description `create`, `update`, `delete` or `unchanged`. */
            action: string;
            /** @description Unified diff of its YAML. */
            diff: string;
            /** @description Its kind. */
            kind: string;
            /** @description Its name. */
            name: string;
        };
        /** @description How a test went. */
        ChannelTest: {
            /** @description One for each channel and recipient. */
            results: components["schemas"]["TestResult"][];
        };
        /** @description The Raft group. */
        ClusterLine: {
            /**
             * Format: int64
             * @description Milliseconds since a quorum was last heard of.
             */
            age_ms: number;
            /**
             * @description Number and hash of the newest audit record on the answering node, as `NUMBER:HASH`: written
             *     down elsewhere it proves later that nothing before it was changed.
             */
            audit_head?: string;
            /** @description Minted at formation. */
            id: string;
            /**
             * Format: int64
             * @description Log index applied on the answering node.
             */
            index: number;
            /** @description Id of the leader, while one is known. */
            leader?: string | null;
            /** @description The `cluster` label of all series. */
            name: string;
            /** @description Whether writes are possible. */
            quorum: boolean;
            /**
             * Format: int64
             * @description Raft term.
             */
            term: number;
        };
        /** @description A code that the app shows. */
        Code: {
            code: string;
        };
        /** @description One supervised program. */
        ComponentLine: {
            /** @description What went wrong last. */
            error?: string | null;
            /** @description `prometheus`, `alertmanager`, … */
            name: string;
            /** @description Id of its node. */
            node: string;
            /**
             * Format: int32
             * @description Process id while there is one.
             */
            pid?: number | null;
            /**
             * Format: int64
             * @description Starts after the first one.
             */
            restarts: number;
            /** @description When `state` last changed. */
            since: string;
            /** @description `starting`, `ready`, `unhealthy`, `back_off`, `stopping` or `stopped`. */
            state: string;
            /** @description Version of the installed build. */
            version: string;
        };
        /** @description One component's files on one node. */
        ConfigLine: {
            /** @description The component. */
            component: string;
            /** @description SHA-256 over the live files. */
            live_hash: string;
            /**
             * Format: int64
             * @description Index whose files are verified to be live.
             */
            live_index: number;
            /** @description Id of the node. */
            node: string;
            /** @description Why the newest are not live, while they are not. */
            refused?: string | null;
            /**
             * Format: int64
             * @description Index that was rendered.
             */
            rendered_index: number;
        };
        /** @description The projects of one department together. */
        DepartmentHealth: {
            alerts: components["schemas"]["AlertCounts"];
            department?: components["schemas"]["Named"] | null;
            /** @description How often rules began to fire on each of the last 7 days (UTC), today last. */
            fired: number[];
            notifications: components["schemas"]["NotificationCounts"];
            owner?: components["schemas"]["Named"] | null;
            /** @description How many of its projects are in which state. */
            projects: {
                [key: string]: number;
            };
            rules: components["schemas"]["RuleCounts"];
            silences: components["schemas"]["SilenceCounts"];
            /** @description That of its worst project. */
            state: string;
            targets: components["schemas"]["TargetCounts"];
            untold?: components["schemas"]["Untold"] | null;
        };
        /** @description Which one. */
        Dismissed: {
            /** @description What the fault is about: `scrape-job/web`. */
            object: string;
        };
        /** @description What was typed. */
        Draft: {
            /** @description RFC 3339: when it was kept. */
            at: string;
            /** @description The form's own. */
            content: unknown;
            /** @description `rule-group`, … */
            kind: string;
            /** @description The object it is about; empty for a new one. */
            name: string;
        };
        /** @description A draft to keep. */
        DraftContent: {
            /** @description The form's own. */
            content: unknown;
            /** @description The object it is about; empty for a new one. */
            name?: string;
        };
        /** @description Sessions that were ended. */
        Ended: {
            /** @description How many. */
            n_ended: number;
        };
        /** @description Who would be told. */
        Explained: {
            /** @description The instant that was asked about, RFC 3339. */
            at: string;
            /** @description Inhibitions that hold it back while their source fires. */
            inhibitions: components["schemas"]["HeldBack"][];
            /** @description The labels that were asked about, the project's included. */
            labels: components["schemas"]["BTreeMap"];
            /** @description Nobody would be told at that instant: no receiver, muted, outside hours or silenced. */
            nobody: boolean;
            /** @description Names of silences that hold it back at that instant. */
            silences: string[];
            /** @description Every branch that takes the alert; at least one. */
            told: components["schemas"]["ToldWay"][];
            /** @description All ways in English. */
            words: string;
        };
        /** @description Something an operator should look at. */
        FaultLine: {
            /** @description Stable code; its page is `/help/CODE`. */
            code: string;
            /** @description What is wrong and what to do. */
            message: string;
            /** @description What it is about. */
            object: string;
            /** @description Since when. */
            since: string;
        };
        /** @description What happens to one file. */
        FileLine: {
            /** @description There is more of it than is shown. */
            cut: boolean;
            /** @description Unified diff, at most 64 KiB. */
            diff: string;
            /** @description Relative to the component's folder; `process.json` is its process. */
            path: string;
        };
        /** @description The object that declares something. */
        From: {
            /** @description Its kind. */
            kind: string;
            /** @description Its name. */
            name: string;
        };
        /** @description What can hold an alert back. */
        HeldBack: {
            /** @description Name of the inhibition. */
            name: string;
            /** @description For people; may be empty. */
            title: string;
            /** @description When it does, in English. */
            words: string;
        };
        /** @description A page of the history, newest first. */
        History: {
            /** @description Newest first. */
            items: components["schemas"]["HistoryLine"][];
            /** @description Give it as `cursor` for the next page; none = the end of what is kept. */
            next?: string | null;
        };
        /** @description What happened to one object. */
        HistoryLine: {
            /** @description `create`, `update` or `delete`. */
            action: string;
            /** @description Who. */
            actor: string;
            /** @description When. */
            at: string;
            /** @description Unified diff of the object as YAML. */
            diff: string;
            /** @description Kind of the object. */
            kind: string;
            /** @description Its name. */
            name: string;
            /** @description Revision of the change; several objects may share one. */
            revision: string;
            /** @description Why; may be empty. */
            why: string;
        };
        /** @description The first page to show. */
        HomeChoice: {
            /** @description `manager`, `developer` or `operations`; null = by role. */
            home?: string | null;
        };
        /** @description One join token without its secret. */
        JoinTokenLine: {
            /** @description Only for these addresses; empty = any. */
            addresses: string[];
            /** @description Who made it. */
            by: string;
            /** @description RFC 3339. */
            created: string;
            /** @description RFC 3339. */
            expires: string;
            /** @description `formation` for what is kept of the formation token. */
            id: string;
            /** @description What its holder becomes. */
            role: string;
            /** @description `valid`, `used` or `expired`. */
            state: string;
            /**
             * Format: int32
             * @description Machines it still lets in; none = any number.
             */
            uses_left?: number | null;
        };
        /** @description All join tokens. */
        JoinTokens: {
            /** @description By id. */
            items: components["schemas"]["JoinTokenLine"][];
        };
        /** @description The language to use. */
        LanguageChoice: {
            /** @description `en` or `zh`; null = what the browser asks for. */
            language?: string | null;
        };
        /** @description What changed. */
        LiveEvent: {
            /** @description Log index as of which to read; none for `status`, which is not in the log. */
            index?: string | null;
            /** @description Objects that changed: `target/web-1`. */
            keys: string[];
            /**
             * @description Plurals of kinds, `alerts`, `rules` (their states), `receipts`, `members`, `status`; `*` =
             *     read everything again.
             */
            topics: string[];
        };
        /** @description A text in the portal's languages. */
        LocalText: {
            en: string;
            zh: string;
        };
        /** @description A join token that was made. It is not shown again. */
        MadeJoinToken: {
            /** @description RFC 3339. */
            expires: string;
            /** @description For `token revoke`. */
            id: string;
            /** @description The token itself, for `up --token-file`. */
            token: string;
            /**
             * Format: int32
             * @description How many machines it lets in.
             */
            uses: number;
        };
        /** @description A password that was made. */
        MadePassword: {
            /** @description It is not shown again. */
            password: string;
            /** @description The account. */
            user: string;
        };
        /** @description A token that was made. It is not shown again. */
        MadeToken: {
            /** @description Its name. */
            name: string;
            /** @description The token itself: `Authorization: Bearer …` */
            token: string;
        };
        /** @description As in a silence's spec. */
        MatcherForm: {
            /** @default true */
            isEqual: boolean | null;
            /** @default false */
            isRegex: boolean | null;
            name: string;
            value: string;
        };
        /** @description One matcher. */
        MatcherPart: {
            /** @description The values of a pattern that is a list of them and nothing more. */
            any_of?: string[] | null;
            /** @description Label name. */
            name: string;
            /** @description `=`, `!=`, `=~` or `!~`. */
            op: string;
            /** @description Value or pattern. */
            value: string;
        };
        /** @description Matchers of a silence that is being written. */
        Matchers: {
            /** @description As in a silence's spec. */
            matchers: components["schemas"]["MatcherForm"][];
        };
        /** @description One member of the cluster. */
        MemberLine: {
            /** @description Address under which the others reach it; empty for people with a scope. */
            address: string;
            /** @description `WK-3025` and what it means, when its state is not that of another node. */
            fault?: string | null;
            /** @description Left out of placement. */
            gone: boolean;
            /** @description Its id. */
            id: string;
            /**
             * Format: int64
             * @description Log index applied there, when it was last heard of.
             */
            index?: number | null;
            /**
             * Format: int64
             * @description Entries that the answering node had applied and it had not, when it was last heard of.
             */
            lag?: number | null;
            /**
             * Format: int64
             * @description Milliseconds since the answering node last heard of it; none = not since its start.
             */
            last_contact_ms?: number | null;
            /** @description For people. */
            name: string;
            /** @description `leader`, `voter` or `learner`. */
            role: string;
            /** @description `settled`, `joining` or `leaving`. */
            state: string;
            /**
             * @description Hash of its replicated state, when it was last heard of: the same on all nodes at the same
             *     index.
             */
            state_hash?: string | null;
            /**
             * Format: int64
             * @description Log index that `state_hash` is of.
             */
            state_hash_index?: number | null;
            /** @description What it waits for while it joins or leaves: `learner, 1200 entries behind`. */
            text?: string | null;
            /** @description Where its portal answers; empty for people with a scope. */
            url: string;
            /** @description It votes. */
            voter: boolean;
        };
        /** @description All members. */
        Members: {
            /**
             * @description Number and hash of the newest audit record on the answering node, as `NUMBER:HASH`: with
             *     it, written down elsewhere, an export can be checked against later cuts. Empty without any.
             */
            audit_head: string;
            /** @description By name. */
            items: components["schemas"]["MemberLine"][];
        };
        /** @description Something with a title. */
        Named: {
            name: string;
            /** @description For people; may be empty. */
            title: string;
        };
        /** @description A secret for an authenticator app. It is not shown again. */
        NewFactor: {
            /** @description Base32, to type. */
            secret: string;
            /** @description `otpauth://…`, to be shown as a QR code. */
            uri: string;
        };
        /** @description What a new join token is to be. */
        NewJoinToken: {
            /**
             * Format: int64
             * @description Seconds until it ends: a minute to 30 days.
             */
            expires_in_s?: number;
            /** @description What its holder becomes: `node`. */
            role: string;
            /**
             * Format: int32
             * @description How many machines it lets in: 1 to 1000.
             */
            uses?: number;
        };
        /** @description What a new token is to be. */
        NewToken: {
            /** @description RFC 3339; none = never. */
            expires?: string | null;
            /** @description Unique among tokens; part of the token itself. */
            name: string;
            /** @description `viewer`, `developer`, `operator`, `admin` or the name of a declared role. */
            role: string;
            /** @description Where: matchers over the dimensions of projects, all of which must hold. None = everywhere. */
            scope?: string[];
            /** @description What it is for. */
            title?: string;
        };
        /** @description One member. */
        NodeLine: {
            /** @description Address under which the others reach it. */
            address: string;
            /** @description Its id. */
            id: string;
            /**
             * Format: int64
             * @description Log index that `state_hash` is of.
             */
            index?: number | null;
            /** @description RFC 3339; none while never heard of. */
            last_seen?: string | null;
            /** @description For people. */
            name: string;
            /** @description `leader`, `voter` or `learner`. */
            role: string;
            /** @description `ready`, `degraded` (it has faults), `silent` (not heard of), `gone` (left out of placement). */
            state: string;
            /** @description Hash of its replicated state: the same on all nodes at the same index. */
            state_hash?: string | null;
            /** @description Version of its binary; empty while never heard of. */
            version: string;
        };
        /** @description Notifications by how they ended. */
        NotificationCounts: {
            /** Format: int64 */
            delivered: number;
            /** Format: int64 */
            failed: number;
            /**
             * Format: int64
             * @description Still on their way.
             */
            pending: number;
        };
        /** @description A page of rules. */
        ObservedRules: components["schemas"]["Page_ObservedRule"] & {
            /** @description When Prometheus answered; none when none did. */
            as_of?: string | null;
            /** @description Ids of the nodes whose Prometheus answered. */
            replicas: string[];
        };
        /** @description A page of targets. */
        ObservedTargets: components["schemas"]["Page_ObservedTarget"] & {
            /** @description When Prometheus answered; none when none did. */
            as_of?: string | null;
            /** @description Id of the node whose Prometheus answered. */
            replica?: string | null;
        };
        /** @description How everything in sight is doing. */
        Overview: components["schemas"]["Page_ProjectHealth"] & {
            /** @description Some Alertmanager answered: without, nobody knows what fires. */
            alertmanager: boolean;
            /** @description When Prometheus answered; none when none did. */
            as_of?: string | null;
            /** @description Sums over the projects in scope, the worst first; of those without a department last. */
            departments: components["schemas"]["DepartmentHealth"][];
            /** @description Alerts of no declared project, for people who may see everything and ask for all of it. */
            elsewhere: components["schemas"]["AlertCounts"];
            /** @description Ids of nodes whose Alertmanager did not answer. */
            missing: string[];
            /** @description How many of those there are. */
            n_untold: number;
            /** @description From when on notifications are counted: a day ago, or later where there are too many. */
            notified_since: string;
            /** @description Critical alerts in scope that nobody was told of, the oldest first; at most 20. */
            untold: components["schemas"]["Untold"][];
        };
        /** @description One page of a list. */
        Page_Alert: {
            /** @description How many items have which value, before the filter on that same field. */
            facets?: {
                [key: string]: {
                    [key: string]: number;
                };
            };
            /** @description The items of this page. */
            items: {
                /** @description Texts. */
                annotations: {
                    [key: string]: string;
                };
                /** @description Alertmanager's fingerprint of its labels. */
                fingerprint: string;
                /** @description Where the rule can be looked at, as Prometheus wrote it. */
                generator_url: string;
                /** @description Fingerprints of alerts that hold it back. */
                inhibited_by: string[];
                /** @description All labels. */
                labels: components["schemas"]["BTreeMap"];
                /** @description The label `alertname`. */
                name: string;
                /** @description The label `project`; may be empty. */
                project: string;
                /** @description What became of its notifications, newest first; only for a single alert. */
                receipts: components["schemas"]["Receipt"][];
                /** @description Names of the receivers it is routed to. */
                receivers: string[];
                /** @description The label `severity`; may be empty. */
                severity: string;
                /** @description Ids of silences that hold it back. */
                silenced_by: string[];
                /** @description RFC 3339. */
                starts_at: string;
                /**
                 * @description `firing`, `silenced`, `inhibited`; `pending` for one only Prometheus knows of; `resolved`
                 *     for a single one that is over, `inactive` where it was but pending.
                 */
                state: string;
                /** @description What happened to it, oldest first; only for a single alert. */
                timeline?: components["schemas"]["TimelineEntry"][];
                /** @description RFC 3339. */
                updated_at: string;
            }[];
            /** @description Give it as `cursor` for the next page; none = this is the last. */
            next?: string | null;
            /** @description How many there are over all pages. */
            total: number;
        };
        /** @description One page of a list. */
        Page_ObservedRule: {
            /** @description How many items have which value, before the filter on that same field. */
            facets?: {
                [key: string]: {
                    [key: string]: number;
                };
            };
            /** @description The items of this page. */
            items: {
                /** @description Firing, then pending ones, at most 100. */
                active: components["schemas"]["ActiveAlert"][];
                /** @description Who changed it. */
                by: string;
                /** @description It is kept, but not run. */
                disabled: boolean;
                /**
                 * Format: double
                 * @description How long it took.
                 */
                evaluation_seconds?: number | null;
                /**
                 * Format: int64
                 * @description How often it fired today and the 29 days before (UTC).
                 */
                fired_30d: number;
                /**
                 * Format: int64
                 * @description How often it fired today and the 6 days before (UTC).
                 */
                fired_7d: number;
                /** @description Name of its rule-group. */
                group: string;
                /** @description `ok`, `err` or `unknown`. */
                health: string;
                /** @description Its place in the group, from 0. */
                index: number;
                /** @description `alerting` or `recording`. */
                kind: string;
                /** @description Why its last evaluation failed; may be empty. */
                last_error: string;
                /** @description RFC 3339; none = never. */
                last_evaluation?: string | null;
                /** @description How many there are. */
                n_active: number;
                /**
                 * @description It fires often and short: at least ten times in 7 days, on average for less than 10
                 *     minutes.
                 */
                noisy: boolean;
                /** @description Of its group. */
                project: string;
                /**
                 * @description Who is told, by the labels that the rule itself sets: titles of receivers; empty = nobody;
                 *     none for a recording rule.
                 */
                receivers_words?: string | null;
                /** @description Of the group, for `If-Match`. */
                revision: string;
                /** @description Name of the alert or of the recorded series. */
                rule: string;
                /** @description Its label `severity`, the group's where it has none; may be empty. */
                severity: string;
                /**
                 * @description `inactive`, `pending`, `firing`; `unknown` while no replica shows the rule; `disabled` for
                 *     one that is not run.
                 */
                state: string;
                /** @description RFC 3339: when its group was changed. */
                updated: string;
            }[];
            /** @description Give it as `cursor` for the next page; none = this is the last. */
            next?: string | null;
            /** @description How many there are over all pages. */
            total: number;
        };
        /** @description One page of a list. */
        Page_ObservedTarget: {
            /** @description How many items have which value, before the filter on that same field. */
            facets?: {
                [key: string]: {
                    [key: string]: number;
                };
            };
            /** @description The items of this page. */
            items: {
                /** @description One of its `spec.targets`. */
                address: string;
                /** @description Why the last scrape failed, in Prometheus' words. */
                error?: string | null;
                /** @description Its scrape job. */
                job: string;
                /** @description All labels of its series, dimensions included. */
                labels: components["schemas"]["BTreeMap"];
                /** @description RFC 3339. */
                last_scrape?: string | null;
                /** @description Name of the declared target. */
                name: string;
                /** @description Its project. */
                project: string;
                /**
                 * Format: double
                 * @description How long the last scrape took.
                 */
                scrape_ms?: number | null;
                /** @description `up`, `down`, or `unknown` while no Prometheus has scraped it. */
                state: string;
            }[];
            /** @description Give it as `cursor` for the next page; none = this is the last. */
            next?: string | null;
            /** @description How many there are over all pages. */
            total: number;
        };
        /** @description One page of a list. */
        Page_ProjectHealth: {
            /** @description How many items have which value, before the filter on that same field. */
            facets?: {
                [key: string]: {
                    [key: string]: number;
                };
            };
            /** @description The items of this page. */
            items: {
                alerts: components["schemas"]["AlertCounts"];
                /** @description RFC 3339: since when the oldest critical alert fires. */
                critical_since?: string | null;
                department?: components["schemas"]["Named"] | null;
                environment?: string | null;
                /** @description How often its rules began to fire on each of the last 7 days (UTC), today last. */
                fired: number[];
                /** @description Of the time from `notified_since` on. */
                notifications: components["schemas"]["NotificationCounts"];
                owner?: components["schemas"]["Named"] | null;
                /** @description Its name. */
                project: string;
                rules: components["schemas"]["RuleCounts"];
                silences: components["schemas"]["SilenceCounts"];
                state: string;
                targets: components["schemas"]["TargetCounts"];
                team?: components["schemas"]["Named"] | null;
                /** @description For people; may be empty. */
                title: string;
                untold?: components["schemas"]["Untold"] | null;
                /** @description Why it is in that state, the worst first; empty = all is well. */
                why: components["schemas"]["Why"][];
            }[];
            /** @description Give it as `cursor` for the next page; none = this is the last. */
            next?: string | null;
            /** @description How many there are over all pages. */
            total: number;
        };
        /** @description What a branch comes from. */
        Part: {
            /** @description Kind of the object that declares it; none for `default`. */
            kind?: string | null;
            /** @description Of a line its place in the policy, from 0. */
            line?: number | null;
            /** @description What an alert must be like; all of them hold. */
            matchers: components["schemas"]["MatcherPart"][];
            /** @description Name of that object; empty for `default`. */
            name: string;
            /** @description Of a team the project it is told of. */
            project?: string | null;
            /** @description For people: its title or, without one, its name; of a line what it takes. */
            title: string;
            /** @description `policy`, `line`, `route`, `team` or `default`. */
            what: string;
            /** @description English. */
            words: string;
        };
        /** @description The password once more: a session left open must not be enough. */
        Password: {
            password: string;
        };
        /** @description Both. */
        PasswordAndCode: {
            code: string;
            password: string;
        };
        /** @description Somebody who is reached. */
        Person: {
            /** @description Name of the contact. */
            name: string;
            /** @description For people; may be empty. */
            title: string;
        };
        /** @description What a silence would hide now. */
        Preview: {
            /** @description The first of them, most severe first. */
            alerts: components["schemas"]["Alert"][];
            /**
             * @description How many of them are critical and of another project than the one it is meant for: the
             *     one its matchers name, else the one most of them belong to.
             */
            critical_elsewhere: number;
            /** @description Alerts it would hide. */
            total: number;
        };
        /** @description One firing. */
        PreviewFiring: {
            /**
             * Format: int64
             * @description From the evaluation that made it fire.
             */
            from_s: number;
            /** @description Of the series, without its name. */
            labels: components["schemas"]["BTreeMap"];
            /**
             * Format: int64
             * @description To the one that ended it; none = it still fires.
             */
            to_s?: number | null;
        };
        /**
         * @description How far to look back.
         * @enum {string}
         */
        PreviewRange: "6h" | "24h" | "7d";
        /** @description A rule as far as it decides when it fires. */
        PreviewRequest: {
            /** @description `PromQL`. */
            expr: string;
            /** @description Prometheus duration. */
            for?: string | null;
            /** @description Prometheus duration. */
            keep_firing_for?: string | null;
            /** @description Whose rule it is. */
            project?: string | null;
            /** @description How far to look back. */
            range?: components["schemas"]["PreviewRange"];
        };
        /** @description A series of the part left of the comparison. */
        PreviewSeries: {
            labels: components["schemas"]["BTreeMap"];
            /** @description Pairs of Unix seconds and value, one a point; no value = none, or none that is finite. */
            values: (number | null)[][];
        };
        /** @description `series OP value` */
        PreviewThreshold: {
            /** @description `==`, `!=`, `>`, `>=`, `<` or `<=`. */
            op: string;
            /** Format: double */
            value: number;
        };
        /** @description Something the author of a rule should know. */
        PreviewWarning: {
            /** @description `nothing`, `foreign`, `coarse`, `bool`; `prometheus` for its own words. */
            code: string;
            /** @description In English. */
            text: string;
            /** @description The project of `foreign`, the seconds of `coarse`; else empty. */
            value: string;
        };
        /** @description What a client sees of a problem (RFC 9457). */
        Problem: {
            /** @description Stable code, `WK-1234`. */
            code: string;
            /** @description What happened this time. */
            detail: string;
            /** @description The single faults, where there are several. */
            errors?: components["schemas"]["ProblemItem"][];
            /** @description What to do about it. */
            hint: string;
            /** @description Path of the request. */
            instance: string;
            /** @description The log lines of this request carry it. */
            request_id: string;
            /**
             * Format: int32
             * @description HTTP status.
             */
            status: number;
            /** @description One line, the same for all problems of this code. */
            title: string;
            /** @description `/help/WK-1234` */
            type: string;
        };
        /** @description One thing wrong in what was declared. */
        ProblemItem: {
            /** @description Stable code, `WK-1234`. */
            code: string;
            /**
             * Format: int32
             * @description Column in that line, from 1.
             */
            column?: number | null;
            /**
             * Format: int32
             * @description Line in the text that was sent, from 1, where that is known.
             */
            line?: number | null;
            /** @description What is wrong there. */
            message: string;
            /** @description Where: `rule-group/web/spec/rules/0/expr`. */
            path: string;
        };
        /** @description One alert, one instant, and what should be thought to be different. */
        Question: {
            /** @description RFC 3339; none = now. */
            at?: string | null;
            /** @description Objects as `apply` takes them in JSON, thought to be written. */
            changes?: unknown[];
            /**
             * @description Labels of the alert. With `project`, the project's other labels are added where they are
             *     not given.
             */
            labels?: components["schemas"]["BTreeMap"];
        };
        /** @description One channel of a receiver. */
        ReachedChannel: {
            /** @description Its name. */
            name: string;
            /** @description For people; may be empty. */
            title: string;
            /** @description Addresses with their telling parts left out: `l***@example.org`, `https://host/…`. */
            to: string[];
            /** @description `webhook`, `mail`, … */
            type: string;
        };
        /** @description What became of one notification over one channel to one recipient. */
        Receipt: {
            /** @description `firing`, `repeat` or `resolved`. */
            about: string;
            /** @description What was told, as far as there is room. */
            alerts: components["schemas"]["ReceiptAlert"][];
            /** @description When it was queued. */
            at: string;
            /** @description The latest attempts, oldest first. */
            attempts: components["schemas"]["ReceiptAttempt"][];
            /** @description Over what; empty when the receiver has no channel. */
            channel: string;
            /** @description When it ended; none while pending. */
            ended?: string | null;
            /** @description Also in the header `webhook-id`, after `msg_`, and in a mail's Message-ID. */
            id: string;
            /** @description Delivered by a node without quorum. */
            local: boolean;
            /** @description The receipt of the message that said it. */
            merged_into?: string | null;
            /**
             * Format: int64
             * @description Alerts not named here.
             */
            more: number;
            /**
             * Format: int32
             * @description All attempts.
             */
            n_attempts: number;
            /** @description Why, where `state` does not say it. */
            reason: string;
            /** @description Whom; empty when one channel was tried. */
            receiver: string;
            /** @description `pending`, `delivered`, `accepted` (the other side queued it), `failed` or `merged`. */
            state: string;
            /** @description Somebody tried the channel; no alert was told. */
            test: boolean;
            /** @description The recipient; empty for channels that have none. */
            to: string;
            /** @description Type of the channel. */
            type: string;
        };
        /** @description An alert as a receipt names it. */
        ReceiptAlert: {
            /** @description Alertmanager's fingerprint. */
            fingerprint: string;
            /** @description Name, severity, instance and dimensions. */
            labels: components["schemas"]["BTreeMap"];
            /** @description The label `alertname`. */
            name: string;
            /** @description The label `project`; may be empty. */
            project: string;
            /** @description The label `severity`; may be empty. */
            severity: string;
            /** @description `firing` or `resolved`. */
            status: string;
        };
        /** @description One attempt. */
        ReceiptAttempt: {
            /** @description The other side's answer in words. */
            answer: string;
            /** @description When it began. */
            at: string;
            /**
             * Format: int32
             * @description From 1.
             */
            n: number;
            /** @description Id of the node that sent. */
            node: string;
            /** @description `delivered`, `accepted`, `retry`, `limited`, `rejected`, `unknown`, or `sending`. */
            outcome: string;
            /**
             * Format: int64
             * @description Milliseconds.
             */
            took_ms: number;
        };
        /** @description A page of receipts. */
        Receipts: {
            /** @description Newest first. */
            items: components["schemas"]["Receipt"][];
            /** @description Give it as `before` for the next page. */
            next?: string | null;
        };
        /** @description A removal that has begun. */
        Removal: {
            /** @description Who is removed. */
            id: string;
            /** @description Its name. */
            name: string;
            /** @description `leaving` */
            state: string;
        };
        /** @description A revert that was done, or would be. */
        Reverted: components["schemas"]["Applied"] & {
            /** @description The revision that undid it; none in a dry run and when everything was as before already. */
            revision?: string | null;
        };
        /**
         * @description One branch of the route tree. Of an alert, the first child that takes it (and those after it
         *     while `continue`) is told; the branch itself only if no child takes it.
         */
        RouteNode: {
            /** @description Time intervals within which alone it tells; empty = always. */
            active_time_intervals: string[];
            /** @description Asked in this order, before the branch itself. */
            children: components["schemas"]["RouteNode"][];
            /** @description Goes on to the next branch after a match. */
            continue: boolean;
            from?: components["schemas"]["From"] | null;
            /** @description Labels that make a group, inherited ones too. */
            group_by: string[];
            /** @description Alertmanager duration, inherited too. */
            group_interval: string;
            /** @description Alertmanager duration, inherited too. */
            group_wait: string;
            /** @description As written to Alertmanager. */
            matchers: string[];
            /** @description Time intervals within which it does not tell. */
            mute_time_intervals: string[];
            /** @description What it comes from. */
            part: components["schemas"]["Part"];
            /** @description Who is told; none = nobody. */
            receiver?: string | null;
            /** @description Alertmanager duration, inherited too. */
            repeat_interval: string;
            /** @description What an alert must be like, in English. */
            words: string;
        };
        /**
         * @description What is wrong with a rule, and what looks wrong. Paths are relative to the rule; line and
         *     column count within the text of the field.
         */
        RuleChecked: {
            /** @description Keep it from being saved. */
            errors: components["schemas"]["ProblemItem"][];
            /** @description Do not. */
            warnings: components["schemas"]["ProblemItem"][];
        };
        /** @description Declared rules. */
        RuleCounts: {
            /** @description Kept, but not run. */
            disabled: number;
            /** @description Their last evaluation failed. */
            failing: number;
            total: number;
            /** @description Alerting rules of whose alerts, by the labels they set, nobody is told. */
            untold: number;
        };
        /** @description A rule to look at. */
        RuleDraft: {
            /** @description The project it is to belong to: its labels cannot be set by the rule. */
            project?: string | null;
            /** @description As in a `rule-group`. */
            rule: unknown;
        };
        /** @description One metric. */
        RuleMetric: {
            /** @description One sentence; may be empty. */
            help: string;
            name: string;
            /** @description `counter`, `gauge`, `histogram`, `summary`…; empty where nobody says. */
            type: string;
            /** @description May be empty. */
            unit: string;
        };
        /** @description Metrics that Prometheus has. */
        RuleMetrics: {
            /** @description Best match first. */
            items: components["schemas"]["RuleMetric"][];
            /** @description How many match. */
            total: number;
        };
        /** @description What the rule would have done. Instants are Unix seconds. */
        RulePreview: {
            /** @description Firing at the last point. */
            firing_now: number;
            /** @description At most 500, newest first. */
            firings: components["schemas"]["PreviewFiring"][];
            /**
             * Format: int64
             * @description First point of the grid.
             */
            from_s: number;
            /**
             * Format: int64
             * @description The longest firing; one that goes on counts up to `to_s`.
             */
            longest_s: number;
            /** @description How many there are. */
            n_firings: number;
            /** @description How many there are. */
            n_series: number;
            /** @description Series that fired at least once. */
            n_series_fired: number;
            /** @description Pending at the last point. */
            pending_now: number;
            /** @description At most 20: those that fired, then those that came nearest to it. */
            series: components["schemas"]["PreviewSeries"][];
            /**
             * Format: int64
             * @description Distance of the points, at which the rule was judged.
             */
            step_s: number;
            threshold?: components["schemas"]["PreviewThreshold"] | null;
            /**
             * Format: int64
             * @description Last point.
             */
            to_s: number;
            /** @description What its author should know. */
            warnings: components["schemas"]["PreviewWarning"][];
        };
        /** @description One ready-made rule. `${name}` in the rule's texts stands for a parameter. */
        RuleTemplate: {
            about: components["schemas"]["LocalText"];
            /** @description Templates of a group stand together. */
            group: string;
            /** @description Stable. */
            id: string;
            /** @description Metrics it needs. */
            metrics: string[];
            params: components["schemas"]["TemplateParam"][];
            /** @description As in a rule-group's `rules`. */
            rule: Record<string, never>;
            title: components["schemas"]["LocalText"];
        };
        /** @description Ready-made rules. */
        RuleTemplates: {
            /** @description In the order in which to show them. */
            items: components["schemas"]["RuleTemplate"][];
        };
        /** @description Whether a code is asked for at sign-in. */
        SecondFactor: {
            enabled: boolean;
            /** @description RFC 3339; null = it is not. */
            since?: string | null;
        };
        /** @description A secret's new value. Never printed. */
        SecretValue: {
            /** @description 1 byte to 16 KiB. */
            value: string;
        };
        /** @description Who is signed in. */
        Session: {
            /** @description Kinds of which it may change objects that belong to projects, somewhere at least. */
            changes: string[];
            /** @description Kinds of which it may change all objects, also those that belong to nobody. */
            changes_shared: string[];
            /** @description Titles of the declared roles it has, their names where they have none. */
            declared_roles: string[];
            /** @description The role that is held everywhere; null = none: only `projects` can be seen. */
            everywhere?: string | null;
            /** @description The first page the account chose: `manager`, `developer` or `operations`; null = by role. */
            home?: string | null;
            /** @description Chosen by the account for every browser: `en` or `zh`; null = what the browser asks for. */
            language?: string | null;
            /** @description Names of the projects that can be seen, where that is not everything. */
            projects: string[];
            /**
             * @description `viewer`, `developer`, `operator` or `admin`: the highest, wherever it is held, of declared
             *     roles their base. `none` = none: the account's role is there no more.
             */
            role: string;
            /** @description Where one signs out at the provider who vouched, too; null = nobody did, or offers none. */
            sign_out_url?: string | null;
            /** @description For people. */
            title: string;
            /** @description As the history shows it. */
            user: string;
        };
        /** @description Somebody signed in somewhere. */
        SessionLine: {
            /** @description What the client said it is. */
            agent?: string | null;
            /** @description Since when. */
            created: string;
            /** @description The one that asks. */
            current: boolean;
            /** @description When it ends at the latest. */
            expires: string;
            /** @description Address it was opened from. */
            from?: string | null;
            /** @description Names it in requests; not the cookie. */
            id: string;
            /** @description Last use, at most half an hour old. */
            last: string;
            /** @description Address it was last used from. */
            last_from?: string | null;
            /** @description Whose. */
            user: string;
        };
        /** @description Sessions, newest use first. */
        Sessions: {
            /** @description Newest use first. */
            items: components["schemas"]["SessionLine"][];
        };
        /** @description The new password. */
        SetPassword: {
            /** @description The password until now; needed for one's own. */
            current?: string | null;
            /**
             * @description 10 to 1024 characters, not made of the user's name, not among the first that are guessed;
             *     none = a random one is made and shown once.
             */
            password?: string | null;
        };
        /** @description What signing in takes. */
        SignIn: {
            /** @description Its password. */
            password: string;
            /** @description Code of the second factor, where the account has one: asked for by `WK-2026`. */
            totp?: string | null;
            /** @description Name of the account. */
            user: string;
        };
        /** @description How far each provider got. */
        SignInChecked: {
            /** @description In the order in which they were tried; what follows a bad one is left out. */
            steps: components["schemas"]["SignInStep"][];
        };
        /** @description One step. */
        SignInStep: {
            /** @description `oidc` or `ldap`. */
            provider: string;
            /** @description What was tried. */
            step: components["schemas"]["Tried"];
            /** @description How it went. */
            went: components["schemas"]["Went"];
            /** @description Why it is bad, in words; holds no secret. */
            why: string;
        };
        /** @description Silences that name the project or one of its dimensions. */
        SilenceCounts: {
            active: number;
            /** @description Of those, that end within the hour. */
            ending: number;
        };
        /** @description One declared silence. */
        SilenceState: {
            /** @description Who changed it last. */
            by: string;
            /** @description Why. */
            comment: string;
            /** @description RFC 3339. */
            ends_at: string;
            /** @description Why it does not hold as it should; none = it does. */
            error?: string | null;
            /** @description Alerts it hides now. */
            hides: number;
            /** @description As declared. */
            matchers: components["schemas"]["MatcherForm"][];
            /** @description Names of nodes whose Alertmanager answers and does not have it as declared. */
            missing_on: string[];
            /** @description Name of the object. */
            name: string;
            /** @description RFC 3339. */
            starts_at: string;
            /** @description `active`, `pending` or `expired`. */
            state: string;
        };
        /** @description All declared silences and how they stand. */
        Silences: {
            /** @description How many hide alerts now. */
            active: number;
            /**
             * @description Active ones first, then those that begin later, then ended ones; the next to end first,
             *     the last ended first.
             */
            items: components["schemas"]["SilenceState"][];
        };
        /** @description The cluster at a glance. Ids are strings: they do not fit into a JavaScript number. */
        Status: {
            /** @description The whole. */
            cluster: components["schemas"]["ClusterLine"];
            /** @description All supervised programs. */
            components: components["schemas"]["ComponentLine"][];
            /** @description Which configuration is live where. */
            configs: components["schemas"]["ConfigLine"][];
            /** @description What somebody should look at. */
            faults: components["schemas"]["FaultLine"][];
            /** @description Its members, by name. */
            nodes: components["schemas"]["NodeLine"][];
        };
        /** @description Scraped addresses. */
        TargetCounts: {
            down: number;
            /** @description Not scraped yet, or nobody says. */
            unknown: number;
            up: number;
        };
        /** @description One value to fill in. */
        TemplateParam: {
            default: string;
            name: string;
            title: components["schemas"]["LocalText"];
            /** @description `%`, `s`, `min`, `h`, `d`, `1/s`, `duration`, `regex` or nothing. */
            unit: string;
        };
        /** @description A test of rules, with promtool's words for what is in `tests`. */
        TestDraft: {
            /**
             * @description Objects as `/api/v1/apply` takes them that are to be in force while the test runs: a rule
             *     group that is not saved yet.
             */
            changes?: unknown[];
            /** @description Prometheus duration; promtool's default is 1 m. */
            evaluation_interval?: string | null;
            /** @description Names of the rule groups under test. */
            rule_groups: string[];
            /** @description promtool's own. */
            tests: {
                [key: string]: unknown;
            }[];
        };
        /** @description How one channel, or one recipient of it, answered. */
        TestResult: {
            /** @description Its answer, or what kept us from one. */
            answer: string;
            /** @description Name of the channel. */
            channel: string;
            /** @description The other side took it. */
            ok: boolean;
            /** @description The recipient; empty for channels that have none. */
            to: string;
            /**
             * Format: int64
             * @description Milliseconds.
             */
            took_ms: number;
            /** @description Type of it. */
            type: string;
        };
        /** @description How a test ended. */
        Tested: {
            /** @description promtool's words. */
            output: string;
            /** @description Everything came out as expected. */
            passed: boolean;
        };
        /** @description One thing that happened to an alert. */
        TimelineEntry: {
            /** @description When. */
            at: string;
            /**
             * Format: int32
             * @description Which attempt this was, from 1; only of `sent`.
             */
            attempt?: number | null;
            /** @description Over what. */
            channel?: string | null;
            /**
             * @description What came of `delivered`: `delivered`, `accepted` (queued by the other side), `merged`
             *     (another message said it).
             */
            end?: string | null;
            /** @description Who was to be told. */
            receiver?: string | null;
            /**
             * @description What else there is to say: the answer to an attempt, the reason of a failure, the value with
             *     which it was pending or fired. May be empty.
             */
            text: string;
            /** @description To whom, where a channel has several: an address. */
            to?: string;
            /**
             * @description `pending`, `firing`, `received`, `queued`, `sent`, `delivered`, `failed`, `silenced`,
             *     `resolved`; `inactive` where it was pending and cleared before it fired.
             */
            what: string;
        };
        /** @description When a token was last used. */
        TokenUse: {
            /** @description Addresses it came from, newest first, at most 8. */
            from: string[];
            /** @description Last use, at most an hour old; none = never. */
            last?: string | null;
            /** @description Name of the token. */
            name: string;
        };
        /** @description Uses of all tokens. */
        TokenUses: {
            /** @description By name. */
            items: components["schemas"]["TokenUse"][];
        };
        /** @description One way from the root to a receiver. */
        ToldWay: {
            /** @description It would tell at that instant, silences and inhibitions aside. */
            active: boolean;
            /** @description Where the notification goes. */
            channels: components["schemas"]["ReachedChannel"][];
            from?: components["schemas"]["From"] | null;
            /** @description Labels that make a group. */
            group_by: string[];
            /** @description Alertmanager duration. */
            group_interval: string;
            /** @description Alertmanager duration. */
            group_wait: string;
            /** @description Time intervals that mute it at that instant. */
            muted_by: string[];
            /** @description Time intervals within one of which it would tell, if that instant lies outside of them. */
            outside: string[];
            /** @description Its steps; the root only if nothing else takes the alert. */
            path: components["schemas"]["Part"][];
            /** @description Who is behind it, as far as declared. */
            people: components["schemas"]["Person"][];
            /** @description Who is told; none = nobody. */
            receiver?: string | null;
            /** @description For people; may be empty. */
            receiver_title: string;
            /** @description Alertmanager duration. */
            repeat_interval: string;
            /** @description English: `policy Night shift → line Critical → receiver on-call`. */
            words: string;
        };
        /**
         * @description What was tried.
         * @enum {string}
         */
        Tried: "document" | "keys" | "secret" | "connect" | "bind" | "search";
        /** @description A critical alert that fires, is neither silenced nor inhibited, and that nobody was told of. */
        Untold: {
            /** @description Alertmanager's. */
            fingerprint: string;
            /** @description `failed`: it was tried in vain; `nobody`: there is no notification about it. */
            how: string;
            /** @description The label `alertname`. */
            name: string;
            project: string;
            /** @description RFC 3339: since when it fires. */
            since: string;
        };
        /** @description Whether the audit is what was written down. */
        Verified: {
            /**
             * Format: int64
             * @description The first one that does not fit.
             */
            broken?: number | null;
            /**
             * Format: int64
             * @description The first one that is kept.
             */
            first: number;
            /** @description Its hash. */
            head: string;
            /**
             * Format: int64
             * @description Number of the last one that fits.
             */
            last: number;
            /**
             * Format: int64
             * @description Records that were read and fit.
             */
            n_records: number;
            /** @description Whether every record fits the one before it. */
            ok: boolean;
            /** @description Why it does not. */
            reason?: string | null;
        };
        /**
         * @description How it went.
         * @enum {string}
         */
        Went: "good" | "bad" | "later";
        /**
         * @description One reason for a state.
         * @enum {string}
         */
        What: "critical_firing" | "all_down" | "warning_firing" | "targets_down" | "rules_failing" | "no_prometheus" | "no_alertmanager" | "targets_unknown" | "nothing_watched";
        /** @description Why a project is in its state. */
        Why: {
            /** @description How many alerts, targets or rules; 0 where there is nothing to count. */
            count: number;
            what: components["schemas"]["What"];
        };
        /** @description A department: the coarsest dimension. */
        DepartmentInput: {
            /** @constant */
            kind?: "department";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["Department"];
        };
        /** @description A department: the coarsest dimension. */
        DepartmentResource: {
            /** @constant */
            kind: "department";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["Department"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        DepartmentPage: {
            items: components["schemas"]["DepartmentResource"][];
            total: number;
            next?: string | null;
        };
        /** @description A person, with the addresses under which they are reached. */
        ContactInput: {
            /** @constant */
            kind?: "contact";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["Contact"];
        };
        /** @description A person, with the addresses under which they are reached. */
        ContactResource: {
            /** @constant */
            kind: "contact";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["Contact"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        ContactPage: {
            items: components["schemas"]["ContactResource"][];
            total: number;
            next?: string | null;
        };
        /** @description People who look after projects together. */
        TeamInput: {
            /** @constant */
            kind?: "team";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["Team"];
        };
        /** @description People who look after projects together. */
        TeamResource: {
            /** @constant */
            kind: "team";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["Team"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        TeamPage: {
            items: components["schemas"]["TeamResource"][];
            total: number;
            next?: string | null;
        };
        /** @description A project with its owner and the dimension labels its series carry. */
        ProjectInput: {
            /** @constant */
            kind?: "project";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["Project"];
        };
        /** @description A project with its owner and the dimension labels its series carry. */
        ProjectResource: {
            /** @constant */
            kind: "project";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["Project"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        ProjectPage: {
            items: components["schemas"]["ProjectResource"][];
            total: number;
            next?: string | null;
        };
        /** @description How a group of targets is scraped (Prometheus' scrape_config). */
        ScrapeJobInput: {
            /** @constant */
            kind?: "scrape-job";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["ScrapeJob"];
        };
        /** @description How a group of targets is scraped (Prometheus' scrape_config). */
        ScrapeJobResource: {
            /** @constant */
            kind: "scrape-job";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["ScrapeJob"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        ScrapeJobPage: {
            items: components["schemas"]["ScrapeJobResource"][];
            total: number;
            next?: string | null;
        };
        /** @description Addresses to scrape for a job and a project (one file_sd entry). */
        TargetInput: {
            /** @constant */
            kind?: "target";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["Target"];
        };
        /** @description Addresses to scrape for a job and a project (one file_sd entry). */
        TargetResource: {
            /** @constant */
            kind: "target";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["Target"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        TargetPage: {
            items: components["schemas"]["TargetResource"][];
            total: number;
            next?: string | null;
        };
        /** @description Alerting and recording rules of a project (Prometheus' rule group). */
        RuleGroupInput: {
            /** @constant */
            kind?: "rule-group";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["RuleGroup"];
        };
        /** @description Alerting and recording rules of a project (Prometheus' rule group). */
        RuleGroupResource: {
            /** @constant */
            kind: "rule-group";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["RuleGroup"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        RuleGroupPage: {
            items: components["schemas"]["RuleGroupResource"][];
            total: number;
            next?: string | null;
        };
        /** @description What rules must do on given series (promtool's test file). */
        RuleTestInput: {
            /** @constant */
            kind?: "rule-test";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["RuleTest"];
        };
        /** @description What rules must do on given series (promtool's test file). */
        RuleTestResource: {
            /** @constant */
            kind: "rule-test";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["RuleTest"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        RuleTestPage: {
            items: components["schemas"]["RuleTestResource"][];
            total: number;
            next?: string | null;
        };
        /** @description A password or key for a channel; its value is set apart and never shown. */
        SecretInput: {
            /** @constant */
            kind?: "secret";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["Secret"];
        };
        /** @description A password or key for a channel; its value is set apart and never shown. */
        SecretResource: {
            /** @constant */
            kind: "secret";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["Secret"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        SecretPage: {
            items: components["schemas"]["SecretResource"][];
            total: number;
            next?: string | null;
        };
        /** @description One way to reach somebody. */
        ChannelInput: {
            /** @constant */
            kind?: "channel";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["Channel"];
        };
        /** @description One way to reach somebody. */
        ChannelResource: {
            /** @constant */
            kind: "channel";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["Channel"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        ChannelPage: {
            items: components["schemas"]["ChannelResource"][];
            total: number;
            next?: string | null;
        };
        /** @description Who is told, over which channels. */
        ReceiverInput: {
            /** @constant */
            kind?: "receiver";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["Receiver"];
        };
        /** @description Who is told, over which channels. */
        ReceiverResource: {
            /** @constant */
            kind: "receiver";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["Receiver"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        ReceiverPage: {
            items: components["schemas"]["ReceiverResource"][];
            total: number;
            next?: string | null;
        };
        /** @description Which alerts go to which receiver. */
        RouteInput: {
            /** @constant */
            kind?: "route";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["Route"];
        };
        /** @description Which alerts go to which receiver. */
        RouteResource: {
            /** @constant */
            kind: "route";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["Route"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        RoutePage: {
            items: components["schemas"]["RouteResource"][];
            total: number;
            next?: string | null;
        };
        /** @description Times of the week or year (Alertmanager's time interval). */
        TimeIntervalInput: {
            /** @constant */
            kind?: "time-interval";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["TimeInterval"];
        };
        /** @description Times of the week or year (Alertmanager's time interval). */
        TimeIntervalResource: {
            /** @constant */
            kind: "time-interval";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["TimeInterval"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        TimeIntervalPage: {
            items: components["schemas"]["TimeIntervalResource"][];
            total: number;
            next?: string | null;
        };
        /** @description Who is told of the alerts of projects or departments, by severity and time. */
        PolicyInput: {
            /** @constant */
            kind?: "policy";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["Policy"];
        };
        /** @description Who is told of the alerts of projects or departments, by severity and time. */
        PolicyResource: {
            /** @constant */
            kind: "policy";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["Policy"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        PolicyPage: {
            items: components["schemas"]["PolicyResource"][];
            total: number;
            next?: string | null;
        };
        /** @description Alerts that hold back others (Alertmanager's inhibition rule). */
        InhibitionInput: {
            /** @constant */
            kind?: "inhibition";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["Inhibition"];
        };
        /** @description Alerts that hold back others (Alertmanager's inhibition rule). */
        InhibitionResource: {
            /** @constant */
            kind: "inhibition";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["Inhibition"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        InhibitionPage: {
            items: components["schemas"]["InhibitionResource"][];
            total: number;
            next?: string | null;
        };
        /** @description Alerts held back for a time (Alertmanager's silence). */
        SilenceInput: {
            /** @constant */
            kind?: "silence";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["Silence"];
        };
        /** @description Alerts held back for a time (Alertmanager's silence). */
        SilenceResource: {
            /** @constant */
            kind: "silence";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["Silence"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        SilencePage: {
            items: components["schemas"]["SilenceResource"][];
            total: number;
            next?: string | null;
        };
        /** @description The one object `default` with the settings of the cluster. */
        SettingsInput: {
            /** @constant */
            kind?: "settings";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["Settings"];
        };
        /** @description The one object `default` with the settings of the cluster. */
        SettingsResource: {
            /** @constant */
            kind: "settings";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["Settings"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        SettingsPage: {
            items: components["schemas"]["SettingsResource"][];
            total: number;
            next?: string | null;
        };
        /** @description A role beside the built-in ones: what a built-in one may do, and changing some kinds more. */
        RoleInput: {
            /** @constant */
            kind?: "role";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["Role"];
        };
        /** @description A role beside the built-in ones: what a built-in one may do, and changing some kinds more. */
        RoleResource: {
            /** @constant */
            kind: "role";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["Role"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        RolePage: {
            items: components["schemas"]["RoleResource"][];
            total: number;
            next?: string | null;
        };
        /** @description A local account. */
        UserInput: {
            /** @constant */
            kind?: "user";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["User"];
        };
        /** @description A local account. */
        UserResource: {
            /** @constant */
            kind: "user";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["User"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        UserPage: {
            items: components["schemas"]["UserResource"][];
            total: number;
            next?: string | null;
        };
        /** @description An API token; its secret is shown once. */
        TokenInput: {
            /** @constant */
            kind?: "token";
            name?: string;
            labels?: {
                [key: string]: string;
            };
            spec: components["schemas"]["Token"];
        };
        /** @description An API token; its secret is shown once. */
        TokenResource: {
            /** @constant */
            kind: "token";
            name: string;
            labels: {
                [key: string]: string;
            };
            spec: components["schemas"]["Token"];
            revision: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            by: string;
        };
        TokenPage: {
            items: components["schemas"]["TokenResource"][];
            total: number;
            next?: string | null;
        };
        /** @description Spec of a `department`. */
        Department: {
            /** @description For people. */
            title?: string;
            /** @description Name of a contact. */
            owner?: string | null;
        };
        /** @description Spec of a `contact`. */
        Contact: {
            /** @description For people. */
            title?: string;
            /** @description Mail address. */
            mail?: string | null;
            /** @description Telephone number, E.164. */
            phone?: string | null;
        };
        /** @description Spec of a `team`. */
        Team: {
            /** @description For people. */
            title?: string;
            /** @description Names of contacts. */
            members?: string[];
            /** @description Name of the receiver that is told of its projects' alerts which no route or policy takes. */
            receiver?: string | null;
        };
        /** @description Spec of a `project`. The dimension fields become labels of all its series. */
        Project: {
            /** @description For people. */
            title?: string;
            /** @description Name of a department. */
            department?: string | null;
            /** @description Name of a contact. */
            owner?: string | null;
            /** @description Free dimension. */
            system?: string | null;
            /** @description Free dimension. */
            module?: string | null;
            /** @description Free dimension, for instance `production`. */
            environment?: string | null;
            /** @description Name of the team that looks after it. Not a label. */
            team?: string | null;
        };
        /**
         * @description Spec of a `scrape-job`: Prometheus' `scrape_config` without `job_name` (it is the object's
         *     name) and without service discovery (targets are objects of their own).
         */
        ScrapeJob: {
            [key: string]: unknown;
        };
        /** @description Spec of a `target`: one `file_sd` entry plus its job and project. */
        Target: {
            /** @description Name of a scrape job. */
            job: string;
            /** @description Name of a project. */
            project: string;
            /** @description `host:port`, at least one. */
            targets: string[];
            /** @description Labels put on their series; none of the dimensions a project sets. */
            labels?: {
                [key: string]: string;
            };
        };
        /** @description Spec of a `rule-group`: Prometheus' rule group without `name`, plus the project. */
        RuleGroup: {
            /** @description For people; the group's own name where it came from a rule file and is no object name. */
            title?: string;
            /** @description Name of the project that owns it; its dimension labels are put on every alert. */
            project: string;
            /** @description Prometheus duration; default is the global evaluation interval. */
            interval?: string | null;
            /**
             * Format: uint64
             * @description Highest number of alerts or series a rule may produce; 0 = no limit.
             */
            limit?: number | null;
            /** @description Prometheus duration. */
            query_offset?: string | null;
            /** @description Labels for all rules of the group. */
            labels?: {
                [key: string]: string;
            };
            /** @description Run in this order. */
            rules: components["schemas"]["Rule"][];
        };
        /** @description One rule: exactly one of `alert` and `record`. */
        Rule: {
            /** @description Name of the alert. */
            alert?: string | null;
            /** @description Name of the recorded series. */
            record?: string | null;
            /** @description `PromQL`. */
            expr: string;
            /** @description Prometheus duration: pending this long before firing. */
            for?: string | null;
            /** @description Prometheus duration: stays firing this long after the condition cleared. */
            keep_firing_for?: string | null;
            /** @description Labels of the alert or series. */
            labels?: {
                [key: string]: string;
            };
            /** @description Text of the alert. */
            annotations?: {
                [key: string]: string;
            };
            /** @description Kept, checked and tested, but not run. */
            disabled?: boolean;
        };
        /** @description Spec of a `rule-test`: promtool's test file without `rule_files`. */
        RuleTest: {
            /** @description For people. */
            title?: string;
            /** @description Names of the rule groups under test, at least one. */
            rule_groups: string[];
            /** @description Prometheus duration; promtool's default is 1 m. */
            evaluation_interval?: string | null;
            /** @description promtool's own, at least one. */
            tests: {
                [key: string]: unknown;
            }[];
        };
        /** @description Spec of a `secret`. Its value is not part of it: it is set apart and never read back. */
        Secret: {
            /** @description What it is for. */
            title?: string;
            /**
             * @description Name of the project it belongs to: its own people change it, and only its own channels use
             *     it. None = shared, and for shared channels only.
             */
            project?: string | null;
        };
        /** @description Spec of a `channel`. */
        Channel: {
            /** @constant */
            type: "webhook";
            /** @description For people. */
            title?: string;
            /**
             * @description Name of the project it belongs to: its own people change it, and only its own routes
             *     and policies use it. None = shared.
             */
            project?: string | null;
            /** @description `http://` or `https://`. */
            url: string;
            /** @description Sent with every request. Not for secrets. */
            headers?: {
                [key: string]: string;
            };
            /**
             * @description Whether resolved alerts are sent too.
             * @default true
             */
            send_resolved: boolean;
            /**
             * Format: uint32
             * @description Whole exchange, in seconds: 1 to 120.
             * @default 30
             */
            timeout_seconds: number;
        } | {
            /** @constant */
            type: "mail";
            /** @description For people. */
            title?: string;
            /**
             * @description Name of the project it belongs to: its own people change it, and only its own routes
             *     and policies use it. None = shared.
             */
            project?: string | null;
            /** @description Name or address of the mail server. */
            host: string;
            /**
             * Format: uint16
             * @description 587 unless said otherwise.
             * @default 587
             */
            port: number;
            /**
             * @description How the connection is protected.
             * @default starttls
             */
            tls: components["schemas"]["MailTls"];
            /** @description Certificates of a private CA as PEM, trusted beside the usual ones for this channel. */
            ca?: string | null;
            /** @description Account on the mail server; none = no authentication. */
            username?: string | null;
            /** @description Name of the secret that holds the account's password. */
            password_secret?: string | null;
            /** @description Sender: `Watchkeep <alerts@example.org>`. */
            from: string;
            /** @description Addresses of recipients. */
            to?: string[];
            /** @description Names of contacts with a mail address. */
            contacts?: string[];
            /** @description What the message is written in, around the alerts' own texts. */
            language?: components["schemas"]["Language"];
            /**
             * @description Whether resolved alerts are sent too.
             * @default true
             */
            send_resolved: boolean;
            /**
             * Format: uint32
             * @description Whole exchange, in seconds: 1 to 120.
             * @default 30
             */
            timeout_seconds: number;
        };
        /** @description How the connection to a mail server is protected. */
        MailTls: "starttls" | "tls" | "none";
        /** @description A language there are texts in. */
        Language: "en" | "zh";
        /** @description Spec of a `receiver`. */
        Receiver: {
            /** @description For people. */
            title?: string;
            /**
             * @description Name of the project it belongs to: its own people change it, and only its own routes and
             *     policies use it. None = shared.
             */
            project?: string | null;
            /** @description Names of channels, at least one; each gets every notification. */
            channels: string[];
        };
        /** @description Spec of a `route`: one branch below the root of Alertmanager's tree. */
        Route: {
            /** @description For people. */
            title?: string;
            /** @description Shorthand for the matcher `project="…"`. */
            project?: string | null;
            /** @description Alertmanager matchers, all of which must hold: `severity="critical"`. */
            matchers?: string[];
            /** @description Name of a receiver. */
            receiver: string;
            /**
             * Format: int32
             * @description Lower goes first; equal ones by name. Default 100.
             * @default 100
             */
            order: number;
            /** @description Goes on to the next route after a match. */
            continue?: boolean;
            /** @description Labels that make a group. */
            group_by?: string[] | null;
            /** @description Alertmanager duration. */
            group_wait?: string | null;
            /** @description Alertmanager duration, at least 7 s (three times the peer timeout). */
            group_interval?: string | null;
            /** @description Alertmanager duration. */
            repeat_interval?: string | null;
            /** @description Names of time intervals: it tells only within them. */
            active_time_intervals?: string[];
            /** @description Names of time intervals: it does not tell within them. */
            mute_time_intervals?: string[];
        };
        /** @description Spec of a `time-interval`: Alertmanager's without `name` (it is the object's name). */
        TimeInterval: {
            /** @description For people. */
            title?: string;
            /**
             * @description Name of the project it belongs to: its own people change it, and only its own routes and
             *     policies use it. None = shared.
             */
            project?: string | null;
            /**
             * @description Alertmanager's own (`times`, `weekdays`, `days_of_month`, `months`, `years`, `location`);
             *     one of them must hold.
             */
            time_intervals: {
                [key: string]: unknown;
            }[];
        };
        /**
         * @description Spec of a `policy`: who is told of a part of the organisation. One branch below the root of
         *     Alertmanager's tree; its lines are the branches below it.
         */
        Policy: {
            /** @description For people. */
            title?: string;
            /**
             * Format: int32
             * @description Lower goes first, routes and policies together; equal ones by name. Default 100.
             * @default 100
             */
            order: number;
            /** @description Names of projects it is for; none, and no departments either = all. */
            projects?: string[];
            /** @description Names of departments it is for. */
            departments?: string[];
            /** @description Alertmanager matchers, all of which must hold: `severity="critical"`. */
            matchers?: string[];
            /** @description Name of the receiver of what no line takes. */
            receiver: string;
            /** @description Tried in this order. */
            lines?: components["schemas"]["PolicyLine"][];
            /** @description Names of time intervals: it tells only within them. */
            active_time_intervals?: string[];
            /** @description Names of time intervals: it does not tell within them. */
            mute_time_intervals?: string[];
            /** @description Goes on to the next route or policy after a match. */
            continue?: boolean;
            /** @description Labels that make a group. */
            group_by?: string[] | null;
            /** @description Alertmanager duration. */
            group_wait?: string | null;
            /** @description Alertmanager duration, at least 7 s (three times the peer timeout). */
            group_interval?: string | null;
            /** @description Alertmanager duration. */
            repeat_interval?: string | null;
        };
        /** @description One line of a policy: these alerts, at these times, to this receiver. */
        PolicyLine: {
            /** @description For people. */
            title?: string;
            /** @description Values of the label `severity`; none = all. */
            severities?: string[];
            /** @description Alertmanager matchers, all of which must hold: `severity="critical"`. */
            matchers?: string[];
            /** @description Name of a receiver. */
            receiver: string;
            /** @description Names of time intervals: it tells only within them. */
            active_time_intervals?: string[];
            /** @description Names of time intervals: it does not tell within them. */
            mute_time_intervals?: string[];
            /** @description Goes on to the next line after a match. */
            continue?: boolean;
            /** @description Labels that make a group. */
            group_by?: string[] | null;
            /** @description Alertmanager duration. */
            group_wait?: string | null;
            /** @description Alertmanager duration, at least 7 s (three times the peer timeout). */
            group_interval?: string | null;
            /** @description Alertmanager duration. */
            repeat_interval?: string | null;
        };
        /** @description Spec of an `inhibition`: Alertmanager's inhibition rule. */
        Inhibition: {
            /** @description For people. */
            title?: string;
            /** @description Alertmanager matchers of the alert that holds others back. */
            source_matchers: string[];
            /** @description Alertmanager matchers of those held back. */
            target_matchers: string[];
            /**
             * @description Labels that must be equal in both. `project` is one of them in any case, unless
             *     `source_matchers` name projects: no project's alerts hold back those of another.
             */
            equal?: string[];
        };
        /** @description Spec of a `silence`, in Alertmanager's words. */
        Silence: {
            /** @description All must hold. */
            matchers: components["schemas"]["SilenceMatcher"][];
            /** @description RFC 3339. */
            startsAt: string;
            /** @description RFC 3339. */
            endsAt: string;
            /** @description Why. */
            comment: string;
        };
        /** @description One matcher of a silence. */
        SilenceMatcher: {
            /** @description Label name. */
            name: string;
            /** @description Value or anchored RE2 pattern. */
            value: string;
            /**
             * @description `value` is a pattern.
             * @default false
             */
            isRegex: boolean;
            /**
             * @description `=`/`=~` rather than `!=`/`!~`.
             * @default true
             */
            isEqual: boolean;
        };
        /** @description Spec of the one `settings` object, `default`. */
        Settings: {
            /** @description Name of the site, shown in the portal. */
            site?: string;
            /**
             * @description Prometheus.
             * @default {
             *       "scrape_interval": "15s",
             *       "scrape_timeout": "10s",
             *       "evaluation_interval": "15s",
             *       "retention_time": "15d"
             *     }
             */
            prometheus: components["schemas"]["PrometheusSettings"];
            /**
             * @description Alertmanager.
             * @default {
             *       "group_by": [
             *         "alertname",
             *         "project"
             *       ],
             *       "group_wait": "10s",
             *       "group_interval": "1m",
             *       "repeat_interval": "4h"
             *     }
             */
            alertmanager: components["schemas"]["AlertmanagerSettings"];
            /**
             * @description Where the notifier may go besides the open network.
             * @default {
             *       "allow": []
             *     }
             */
            outgoing: components["schemas"]["OutgoingSettings"];
            /**
             * @description Which bundles of components are taken.
             * @default {
             *       "trusted_keys": []
             *     }
             */
            bundles: components["schemas"]["BundleSettings"];
            /**
             * @description When a change undoes itself.
             * @default {
             *       "undo": true,
             *       "drop_percent": 20,
             *       "drop_targets": 3,
             *       "watch_seconds": 60
             *     }
             */
            safety: components["schemas"]["SafetySettings"];
            /**
             * @description How long the audit is kept.
             * @default {
             *       "days": 400,
             *       "records": 200000
             *     }
             */
            audit: components["schemas"]["AuditSettings"];
            /**
             * @description Who may sign in besides the accounts of this site. Only an admin can change it.
             * @default {
             *       "session_hours": 12
             *     }
             */
            sign_in: components["schemas"]["SignInSettings"];
        };
        /** @description Part of [`Settings`]. */
        PrometheusSettings: {
            /**
             * @description Prometheus duration.
             * @default 15s
             */
            scrape_interval: string;
            /**
             * @description Prometheus duration, at most `scrape_interval`.
             * @default 10s
             */
            scrape_timeout: string;
            /**
             * @description Prometheus duration.
             * @default 15s
             */
            evaluation_interval: string;
            /**
             * @description Prometheus duration.
             * @default 15d
             */
            retention_time: string;
        };
        /** @description Part of [`Settings`]: timings of the root route. */
        AlertmanagerSettings: {
            /** @description Receiver of alerts that no route takes; none = they are shown, nobody is told. */
            default_receiver?: string | null;
            /**
             * @description Labels that make a group.
             * @default [
             *       "alertname",
             *       "project"
             *     ]
             */
            group_by: string[];
            /**
             * @description Alertmanager duration.
             * @default 10s
             */
            group_wait: string;
            /**
             * @description Alertmanager duration, at least 7 s.
             * @default 1m
             */
            group_interval: string;
            /**
             * @description Alertmanager duration.
             * @default 4h
             */
            repeat_interval: string;
        };
        /** @description Part of [`Settings`]. */
        OutgoingSettings: {
            /**
             * @description `address:port` of loopback, link-local or cluster addresses that channels may reach all
             *     the same. Only an admin can change it.
             * @default []
             */
            allow: string[];
        };
        /** @description Part of [`Settings`]. */
        BundleSettings: {
            /**
             * @description Public keys (`wkpub1.…`) whose bundles every node takes, besides the release keys and those
             *     of the node's own `--trust`.
             * @default []
             */
            trusted_keys: string[];
        };
        /** @description Part of [`Settings`]: a change that a program refuses, or after which targets fall, is undone. */
        SafetySettings: {
            /**
             * @description Whether changes undo themselves.
             * @default true
             */
            undo: boolean;
            /**
             * Format: uint32
             * @description Share of a change's own targets that must have fallen, in percent: 1 to 100.
             * @default 20
             */
            drop_percent: number;
            /**
             * Format: uint32
             * @description How many of them must have fallen, at least 1.
             * @default 3
             */
            drop_targets: number;
            /**
             * Format: uint32
             * @description How long after a change its targets are watched, in seconds: 10 to 600.
             * @default 60
             */
            watch_seconds: number;
        };
        /** @description Part of [`Settings`]. Whichever is reached first. */
        AuditSettings: {
            /**
             * Format: uint32
             * @description Days: 1 to 3650.
             * @default 400
             */
            days: number;
            /**
             * Format: uint32
             * @description Records: 1000 to 2000000, some 400 bytes each.
             * @default 200000
             */
            records: number;
        };
        /** @description Part of [`super::Settings`]: who may sign in besides the accounts of this site. */
        SignInSettings: {
            /** @description Whom to ask for a role, shown to people who have none: a name, an address. */
            contact?: string;
            /**
             * Format: uint32
             * @description Hours after which people whom a provider or directory vouched for sign in again, 1 to 168:
             *     for so long at most somebody who was removed there still has access.
             * @default 12
             */
            session_hours: number;
            /** @description An OpenID Connect provider; none = not offered. */
            oidc?: components["schemas"]["OidcSettings"] | null;
            /** @description An LDAP directory, asked for names that are no accounts here; none = not asked. */
            ldap?: components["schemas"]["LdapSettings"] | null;
        };
        /**
         * @description An OpenID Connect provider. Redirect addresses to register with it:
         *     `https://NODE:8420/api/v1/session/oidc/callback` of every node, or below `public_url`.
         */
        OidcSettings: {
            /** @description On the button of the sign-in page; none = "Single sign-on". */
            title?: string;
            /** @description As the provider writes it; `/.well-known/openid-configuration` is read below it. */
            issuer: string;
            /** @description What the provider calls us. */
            client_id: string;
            /** @description Name of the `secret` with the client secret; none = a public client. */
            client_secret?: string | null;
            /**
             * @description Asked of the provider; `openid` is always among them.
             * @default [
             *       "openid",
             *       "profile",
             *       "email"
             *     ]
             */
            scopes: string[];
            /**
             * @description Claim with the name that history shows; it must belong to one person only, for ever.
             * @default preferred_username
             */
            name_claim: string;
            /**
             * @description Claim with the groups, a list of texts.
             * @default groups
             */
            groups_claim: string;
            /** @description PEM of the authorities that the provider's certificate may come from; none = the system's. */
            ca?: string | null;
            /**
             * @description Address of this portal as browsers see it, where that is not the node's own (behind a
             *     proxy): `https://monitoring.example`.
             */
            public_url?: string | null;
            /**
             * @description What members of which group may do. Whoever is in none of them is refused.
             * @default []
             */
            grants: components["schemas"]["GroupGrant"][];
        };
        /** @description What members of a group may do. */
        GroupGrant: {
            /** @description As the provider writes it. */
            group: string;
            /** @description What they may do. */
            role: components["schemas"]["RoleRef"];
            /** @description Where: matchers over the dimensions of projects, all of which must hold. None = everywhere. */
            scope?: string[];
        };
        /** @description Name of a role: `viewer`, `developer`, `operator`, `admin`, or a declared `role`. */
        RoleRef: string;
        /** @description An LDAP directory. */
        LdapSettings: {
            /** @description `ldaps://HOST[:PORT]`, or `ldap://HOST[:PORT]` with StartTLS. */
            url: string;
            /** @description PEM of the authorities that its certificate may come from; none = the system's. */
            ca?: string | null;
            /** @description Whom to search as; none = anonymously. */
            bind_dn?: string | null;
            /** @description Name of the `secret` with the password of `bind_dn`. */
            bind_password?: string | null;
            /** @description People are searched below it. */
            base: string;
            /**
             * @description Attribute that holds the name people sign in with.
             * @default uid
             */
            user_attribute: string;
            /** @description A further filter that people must match: `(objectClass=person)`. */
            filter?: string | null;
            /**
             * @description Attribute of a person with the DNs of their groups; not read where `group_base` is set.
             * @default memberOf
             */
            group_attribute: string;
            /**
             * @description Groups are searched below it, as entries whose `member`, `uniqueMember` or `memberUid`
             *     names the person.
             */
            group_base?: string | null;
            /**
             * @description What members of which group may do; a group is its DN or its `cn`. Whoever is in none of
             *     them is refused.
             * @default []
             */
            grants: components["schemas"]["GroupGrant"][];
        };
        /** @description Spec of a `role`: what a built-in role may do, and changing objects of some kinds more. */
        Role: {
            /** @description For people. */
            title?: string;
            /** @description What may be done at least: `viewer`, `developer` or `operator`. */
            base: components["schemas"]["RoleName"];
            /**
             * @description Kinds whose objects may be changed, too; never accounts, roles,
             *     settings, secrets, channels or projects.
             */
            write?: string[];
        };
        /** @description A built-in role. */
        RoleName: "viewer" | "developer" | "operator" | "admin";
        /** @description Spec of a `user`. The password's hash is not part of it. */
        User: {
            /** @description For people. */
            title?: string;
            /** @description What it may do. */
            role: components["schemas"]["RoleRef"];
            /**
             * @description Where: matchers over the dimensions of projects, all of which must hold
             *     (`department="retail"`, `project=~"shop|till"`). None = everywhere.
             */
            scope?: string[];
            /** @description Further roles elsewhere. */
            also?: components["schemas"]["Grant"][];
            /**
             * @description Cannot sign in.
             * @default false
             */
            disabled: boolean;
        };
        /** @description A role in a part of the organisation. */
        Grant: {
            /** @description What may be done. */
            role: components["schemas"]["RoleRef"];
            /** @description Where: matchers over the dimensions of projects, at least one, all of which must hold. */
            scope: string[];
        };
        /** @description Spec of a `token`. The secret's hash is not part of it. */
        Token: {
            /** @description What it is for. */
            title?: string;
            /** @description What it may do. */
            role: components["schemas"]["RoleRef"];
            /** @description Where: matchers over the dimensions of projects, all of which must hold. None = everywhere. */
            scope?: string[];
            /** @description RFC 3339; none = never. */
            expires?: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    healthy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Alive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ready */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description Not yet; the text says what is waited for */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    alertmanager_get_silence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As Alertmanager answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem, or Alertmanager's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    alertmanager_delete_silence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As Alertmanager answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem, or Alertmanager's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    alertmanager_get_silences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As Alertmanager answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem, or Alertmanager's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    alertmanager_post_silence: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As Alertmanager answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem, or Alertmanager's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    prometheus_get_api_v1_label_name_values: {
        parameters: {
            query?: {
                "match[]"?: string[];
                start?: string;
                end?: string;
                limit?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    alert_history: {
        parameters: {
            query?: {
                /** @description RFC 3339: no earlier. */
                from?: string;
                /** @description RFC 3339: earlier than this. */
                to?: string;
                /** @description Only rules of this group. */
                group?: string;
                /** @description Only rules of this name. */
                alert?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only this alert. */
                fingerprint?: string;
                /** @description Comma-separated: into `pending`, `firing`, `resolved`, `inactive`. */
                state?: string;
                /** @description Words that must all occur in group or labels. */
                q?: string;
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description `next` of the page before. */
                before?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertHistory"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    alerts: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000. */
                limit?: string;
                /** @description Items to skip. */
                offset?: string;
                /** @description `next` of the page before. */
                cursor?: string;
                /** @description Words that must all occur. */
                q?: string;
                /** @description `severity` (the default), `name`, `project` or `starts_at`; `-` turns it around. */
                sort?: string;
                /** @description Comma-separated: `firing,pending`. */
                state?: string;
                /** @description Comma-separated: `critical,warning`. */
                severity?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Merged over all reachable Alertmanagers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alerts"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    alert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Alertmanager's fingerprint */
                fingerprint: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The alert */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alert"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    apply: {
        parameters: {
            query?: {
                /** @description `true`: says what would happen, writes nothing. */
                dry_run?: string;
                /** @description `true`: keeps the good objects and reports the rest. */
                partial?: string;
                /** @description Label selector: objects that fulfil it and are not in the batch are deleted. */
                prune?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
                "application/yaml": string;
            };
        };
        responses: {
            /** @description Done, or what would be done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Applied"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit: {
        parameters: {
            query?: {
                /** @description Text anywhere in a record. */
                q?: string;
                /** @description Only by this account, `token/NAME` or `local/UID`. */
                actor?: string;
                /** @description Only this verb: `change`, `sign-in`, `token-make`, … */
                verb?: string;
                /** @description Only what changed objects of this kind. */
                kind?: string;
                /** @description Only what changed objects of this name. */
                name?: string;
                /** @description `done` or `refused`. */
                outcome?: string;
                /** @description Not before this time, RFC 3339. */
                since?: string;
                /** @description Before this time, RFC 3339. */
                until?: string;
                /** @description `next` of the page before. */
                cursor?: string;
                /** @description Items a page, 1 to 1000. */
                limit?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_audit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JSON lines */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verify_audit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verified"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_channel: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelPage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_channel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_channel: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the object must still have */
                "If-Match"?: string;
                /** @description `*`: create only */
                "If-None-Match"?: string;
                /** @description A repetition with the same key is done once */
                "Idempotency-Key"?: string;
                /** @description Reason for the history, percent-encoded */
                "X-WK-Why"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChannelInput"];
            };
        };
        responses: {
            /** @description Replaced, or as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelResource"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelResource"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_channel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    test_channel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the channel */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it answered */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelTest"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_contact: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactPage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_contact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_contact: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the object must still have */
                "If-Match"?: string;
                /** @description `*`: create only */
                "If-None-Match"?: string;
                /** @description A repetition with the same key is done once */
                "Idempotency-Key"?: string;
                /** @description Reason for the history, percent-encoded */
                "X-WK-Why"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContactInput"];
            };
        };
        responses: {
            /** @description Replaced, or as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactResource"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactResource"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_contact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_department: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DepartmentPage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_department: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DepartmentResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_department: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the object must still have */
                "If-Match"?: string;
                /** @description `*`: create only */
                "If-None-Match"?: string;
                /** @description A repetition with the same key is done once */
                "Idempotency-Key"?: string;
                /** @description Reason for the history, percent-encoded */
                "X-WK-Why"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DepartmentInput"];
            };
        };
        responses: {
            /** @description Replaced, or as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DepartmentResource"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DepartmentResource"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_department: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `rule-group`, … */
                kind: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was typed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
            /** @description There is none */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `rule-group`, … */
                kind: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DraftContent"];
            };
        };
        responses: {
            /** @description Kept */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `rule-group`, … */
                kind: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description There is none any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    events: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["LiveEvent"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export: {
        parameters: {
            query?: {
                /** @description Comma-separated kinds; none = all. */
                kind?: string;
                /** @description Only objects with these labels. */
                label?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description YAML documents */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": string;
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    dismiss_fault: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its code */
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Dismissed"];
            };
        };
        responses: {
            /** @description Dismissed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    history: {
        parameters: {
            query?: {
                /** @description Text anywhere in object, author, reason or content. */
                q?: string;
                /** @description Only this kind. */
                kind?: string;
                /** @description Only objects of this name. */
                name?: string;
                /** @description Only changes by this account; `watchkeep` for what undid itself. */
                by?: string;
                /** @description Only revisions below this one: `next` of the page before. */
                before?: string;
                /** @description The same as `before`. */
                cursor?: string;
                /** @description Items a page, 1 to 1000; a page ends with a whole revision. */
                limit?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    one_revision: {
        parameters: {
            query?: {
                /** @description Another revision: what differs between the states after the two, older to newer, instead. */
                against?: string;
            };
            header?: never;
            path: {
                /** @description A revision */
                revision: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its changes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revert: {
        parameters: {
            query?: {
                /** @description `true`: also where an object changed again since; those later changes are lost. */
                force?: string;
                /** @description `true`: says what would happen, writes nothing. */
                dry_run?: string;
                /** @description Only what the revision changed in the object of this kind; needs `name`. */
                kind?: string;
                /** @description Name of that object. */
                name?: string;
            };
            header?: never;
            path: {
                /** @description A revision */
                revision: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Undone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reverted"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_inhibition: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InhibitionPage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_inhibition: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InhibitionResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_inhibition: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the object must still have */
                "If-Match"?: string;
                /** @description `*`: create only */
                "If-None-Match"?: string;
                /** @description A repetition with the same key is done once */
                "Idempotency-Key"?: string;
                /** @description Reason for the history, percent-encoded */
                "X-WK-Why"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InhibitionInput"];
            };
        };
        responses: {
            /** @description Replaced, or as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InhibitionResource"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InhibitionResource"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_inhibition: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All join tokens */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JoinTokens"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    make: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewJoinToken"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeJoinToken"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the token */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    log: {
        parameters: {
            query?: {
                /** @description Last lines to begin with, at most 10000; default 200. */
                tail?: string;
                /** @description `true`: go on with what is appended. */
                follow?: string;
            };
            header?: never;
            path: {
                /** @description Name or id of the node */
                node: string;
                /** @description `prometheus`, `alertmanager`, … or `watchkeep` */
                component: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lines */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    members: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All members */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Members"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of the node */
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Removal"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    accept: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the receiver */
                receiver: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            /** @description Kept durably */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    observed_rules: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000. */
                limit?: string;
                /** @description Items to skip. */
                offset?: string;
                /** @description `next` of the page before. */
                cursor?: string;
                /** @description Words that must all occur. */
                q?: string;
                /**
                 * @description `state` (worst first, the default), `name`, `group`, `project`, `severity` (worst first),
                 *     `fired_7d`, `fired_30d`, `updated` or `last_evaluation`; `-` turns it around.
                 */
                sort?: string;
                /** @description Comma-separated: `pending,firing`. */
                state?: string;
                /** @description Comma-separated: `ok,err`. */
                health?: string;
                /** @description Comma-separated: `critical,warning`. */
                severity?: string;
                /** @description `alerting` or `recording`. */
                kind?: string;
                /** @description Only this rule-group. */
                group?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One item per rule */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ObservedRules"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    observed_silences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Declared silences */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Silences"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    observed_targets: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000. */
                limit?: string;
                /** @description Items to skip. */
                offset?: string;
                /** @description `next` of the page before. */
                cursor?: string;
                /** @description Words that must all occur. */
                q?: string;
                /** @description `name`, `state`, `job`, `project`, `address` or `last_scrape`; `-` turns it around. */
                sort?: string;
                /** @description Comma-separated: `down,unknown`. */
                state?: string;
                /** @description Only this scrape job. */
                job?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One item per scraped address */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ObservedTargets"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    overview: {
        parameters: {
            query?: {
                /** @description Projects a page, 1 to 1000. */
                limit?: string;
                /** @description Projects to skip. */
                offset?: string;
                /** @description `next` of the page before. */
                cursor?: string;
                /** @description Words that must all occur in names and titles. */
                q?: string;
                /**
                 * @description `state` (worst first, the default), `project`, `department`, `owner`, `targets` (most of
                 *     them down first), `alerts`, `rules` or `fired`; `-` turns it around.
                 */
                sort?: string;
                /** @description Comma-separated: `critical,warning`. */
                state?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One item per project */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_policy: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyPage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_policy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_policy: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the object must still have */
                "If-Match"?: string;
                /** @description `*`: create only */
                "If-None-Match"?: string;
                /** @description A repetition with the same key is done once */
                "Idempotency-Key"?: string;
                /** @description Reason for the history, percent-encoded */
                "X-WK-Why"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyInput"];
            };
        };
        responses: {
            /** @description Replaced, or as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyResource"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyResource"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_policy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_project: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectPage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_project: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the object must still have */
                "If-Match"?: string;
                /** @description `*`: create only */
                "If-None-Match"?: string;
                /** @description A repetition with the same key is done once */
                "Idempotency-Key"?: string;
                /** @description Reason for the history, percent-encoded */
                "X-WK-Why"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectInput"];
            };
        };
        responses: {
            /** @description Replaced, or as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectResource"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectResource"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    receipts: {
        parameters: {
            query?: {
                /** @description Only of this alert. */
                fingerprint?: string;
                /** @description Only of this receiver. */
                receiver?: string;
                /** @description Only over this channel. */
                channel?: string;
                /** @description `pending`, `delivered`, `accepted`, `failed` or `merged`. */
                state?: string;
                /** @description Only of alerts of this project. */
                project?: string;
                /** @description `next` of the page before: only older ones. */
                before?: string;
                /** @description The same as `before`. */
                cursor?: string;
                /** @description Items a page, 1 to 1000. */
                limit?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Receipts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receipts"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_receiver: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiverPage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_receiver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiverResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_receiver: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the object must still have */
                "If-Match"?: string;
                /** @description `*`: create only */
                "If-None-Match"?: string;
                /** @description A repetition with the same key is done once */
                "Idempotency-Key"?: string;
                /** @description Reason for the history, percent-encoded */
                "X-WK-Why"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReceiverInput"];
            };
        };
        responses: {
            /** @description Replaced, or as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiverResource"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiverResource"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_receiver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    test_receiver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the receiver */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How each channel answered */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelTest"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_role: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RolePage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_role: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_role: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the object must still have */
                "If-Match"?: string;
                /** @description `*`: create only */
                "If-None-Match"?: string;
                /** @description A repetition with the same key is done once */
                "Idempotency-Key"?: string;
                /** @description Reason for the history, percent-encoded */
                "X-WK-Why"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleInput"];
            };
        };
        responses: {
            /** @description Replaced, or as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleResource"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleResource"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_role: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_route: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoutePage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    routes_explain: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Question"];
            };
        };
        responses: {
            /** @description All ways it takes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Explained"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    routes_tree: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The root with all below it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RouteNode"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_route: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RouteResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_route: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the object must still have */
                "If-Match"?: string;
                /** @description `*`: create only */
                "If-None-Match"?: string;
                /** @description A repetition with the same key is done once */
                "Idempotency-Key"?: string;
                /** @description Reason for the history, percent-encoded */
                "X-WK-Why"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RouteInput"];
            };
        };
        responses: {
            /** @description Replaced, or as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RouteResource"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RouteResource"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_route: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_rule_group: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleGroupPage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_rule_group: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleGroupResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_rule_group: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the object must still have */
                "If-Match"?: string;
                /** @description `*`: create only */
                "If-None-Match"?: string;
                /** @description A repetition with the same key is done once */
                "Idempotency-Key"?: string;
                /** @description Reason for the history, percent-encoded */
                "X-WK-Why"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RuleGroupInput"];
            };
        };
        responses: {
            /** @description Replaced, or as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleGroupResource"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleGroupResource"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_rule_group: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_rule_test: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleTestPage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_rule_test: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleTestResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_rule_test: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the object must still have */
                "If-Match"?: string;
                /** @description `*`: create only */
                "If-None-Match"?: string;
                /** @description A repetition with the same key is done once */
                "Idempotency-Key"?: string;
                /** @description Reason for the history, percent-encoded */
                "X-WK-Why"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RuleTestInput"];
            };
        };
        responses: {
            /** @description Replaced, or as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleTestResource"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleTestResource"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_rule_test: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    check_rule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RuleDraft"];
            };
        };
        responses: {
            /** @description What is wrong, if anything */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleChecked"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_rules: {
        parameters: {
            query?: {
                /** @description Only groups of this project. */
                project?: string;
                /** @description Only this `rule-group`. */
                group?: string;
                /** @description This `rule-test` as promtool's test file instead. */
                test?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A rule file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": string;
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    import_rules: {
        parameters: {
            query?: {
                /** @description Name of the project that will own the groups. */
                project?: string;
                /** @description `true`: says what would happen, writes nothing. */
                dry_run?: string;
                /** @description `true`: keeps the good groups and reports the rest. */
                partial?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/yaml": string;
            };
        };
        responses: {
            /** @description Done, or what would be done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Applied"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rule_metrics: {
        parameters: {
            query?: {
                /** @description Words that must all occur in name or help. */
                q?: string;
                /** @description Items at most, 1 to 1000; default 50. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those that match */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleMetrics"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preview_rule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewRequest"];
            };
        };
        responses: {
            /** @description Series, firings and counts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulePreview"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The rule is not valid, or gives too many series */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rule_templates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleTemplates"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    test_rules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TestDraft"];
                "application/yaml": string;
            };
        };
        responses: {
            /** @description How it ended */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tested"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    schema: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `rule-group`, … */
                kind: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JSON Schema */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_scrape_job: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScrapeJobPage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_scrape_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScrapeJobResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_scrape_job: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the object must still have */
                "If-Match"?: string;
                /** @description `*`: create only */
                "If-None-Match"?: string;
                /** @description A repetition with the same key is done once */
                "Idempotency-Key"?: string;
                /** @description Reason for the history, percent-encoded */
                "X-WK-Why"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScrapeJobInput"];
            };
        };
        responses: {
            /** @description Replaced, or as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScrapeJobResource"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScrapeJobResource"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_scrape_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_secret: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretPage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_secret: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the object must still have */
                "If-Match"?: string;
                /** @description `*`: create only */
                "If-None-Match"?: string;
                /** @description A repetition with the same key is done once */
                "Idempotency-Key"?: string;
                /** @description Reason for the history, percent-encoded */
                "X-WK-Why"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecretInput"];
            };
        };
        responses: {
            /** @description Replaced, or as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretResource"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretResource"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the secret */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecretValue"];
            };
        };
        responses: {
            /** @description Set */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    who_am_i: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who is signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Signed in */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_home: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HomeChoice"];
            };
        };
        responses: {
            /** @description Chosen */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_language: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LanguageChoice"];
            };
        };
        responses: {
            /** @description Chosen */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    begin_oidc: {
        parameters: {
            query?: {
                /** @description Path of the portal to go on with */
                next?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the provider, or to the sign-in page with `refused=WK-…` */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    finish_oidc: {
        parameters: {
            query?: {
                /** @description Of the provider */
                code?: string;
                /** @description Of the sign-in that was begun */
                state?: string;
                /** @description The provider */
                iss?: string;
                /** @description Why the provider refused */
                error?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the page that was asked for, with the session cookie, or to the sign-in page with `refused=WK-…` */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_second_factor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether it has */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactor"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirm_second_factor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Code"];
            };
        };
        responses: {
            /** @description It counts */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    begin_second_factor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Password"];
            };
        };
        responses: {
            /** @description The secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewFactor"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    turn_off_second_factor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordAndCode"];
            };
        };
        responses: {
            /** @description Off */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_sessions: {
        parameters: {
            query?: {
                /** @description Of this account instead of one's own, `*` for all: admins only. */
                user?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest use first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sessions"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    end_sessions: {
        parameters: {
            query?: {
                /** @description Of this account instead of one's own, `*` for all: admins only. */
                user?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ended"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    end_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the session */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_settings: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsPage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_settings: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the object must still have */
                "If-Match"?: string;
                /** @description `*`: create only */
                "If-None-Match"?: string;
                /** @description A repetition with the same key is done once */
                "Idempotency-Key"?: string;
                /** @description Reason for the history, percent-encoded */
                "X-WK-Why"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettingsInput"];
            };
        };
        responses: {
            /** @description Replaced, or as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsResource"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsResource"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    check_sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description As `sign_in` of the settings */
        requestBody: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            /** @description How it went */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInChecked"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_silence: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SilencePage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preview_silence: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Matchers"];
            };
        };
        responses: {
            /** @description It would hide */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_silence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SilenceResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_silence: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the object must still have */
                "If-Match"?: string;
                /** @description `*`: create only */
                "If-None-Match"?: string;
                /** @description A repetition with the same key is done once */
                "Idempotency-Key"?: string;
                /** @description Reason for the history, percent-encoded */
                "X-WK-Why"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SilenceInput"];
            };
        };
        responses: {
            /** @description Replaced, or as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SilenceResource"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SilenceResource"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_silence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    expire_silence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the silence */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    save: {
        parameters: {
            query?: never;
            header: {
                /** @description Passphrase, base64 */
                "x-wk-passphrase": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sealed backup */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    status: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As this node sees it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_target: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TargetPage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_target: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TargetResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_target: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the object must still have */
                "If-Match"?: string;
                /** @description `*`: create only */
                "If-None-Match"?: string;
                /** @description A repetition with the same key is done once */
                "Idempotency-Key"?: string;
                /** @description Reason for the history, percent-encoded */
                "X-WK-Why"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TargetInput"];
            };
        };
        responses: {
            /** @description Replaced, or as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TargetResource"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TargetResource"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_target: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_team: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TeamPage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_team: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TeamResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_team: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the object must still have */
                "If-Match"?: string;
                /** @description `*`: create only */
                "If-None-Match"?: string;
                /** @description A repetition with the same key is done once */
                "Idempotency-Key"?: string;
                /** @description Reason for the history, percent-encoded */
                "X-WK-Why"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TeamInput"];
            };
        };
        responses: {
            /** @description Replaced, or as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TeamResource"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TeamResource"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_team: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_time_interval: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimeIntervalPage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_time_interval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimeIntervalResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_time_interval: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the object must still have */
                "If-Match"?: string;
                /** @description `*`: create only */
                "If-None-Match"?: string;
                /** @description A repetition with the same key is done once */
                "Idempotency-Key"?: string;
                /** @description Reason for the history, percent-encoded */
                "X-WK-Why"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TimeIntervalInput"];
            };
        };
        responses: {
            /** @description Replaced, or as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimeIntervalResource"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimeIntervalResource"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_time_interval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    token_uses: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenUses"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_token: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenPage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    make_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeToken"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_user: {
        parameters: {
            query?: {
                /** @description Items a page, 1 to 1000; default 50. */
                limit?: number;
                /** @description Items to skip. */
                offset?: number;
                /** @description `next` of the page before; instead of `offset`. */
                cursor?: string;
                /** @description Words that must all occur, whatever their case. */
                q?: string;
                /** @description The object's own labels: `team=web,stage!=test`. */
                label?: string;
                /** @description `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around. */
                sort?: string;
                /** @description `strong`: as of no earlier than this request. */
                consistency?: string;
                /** @description Only this department. */
                department?: string;
                /** @description Only this project. */
                project?: string;
                /** @description Only projects of this owner. */
                owner?: string;
                /** @description Only this environment. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPage"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object, with its ETag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserResource"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_user: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the object must still have */
                "If-Match"?: string;
                /** @description `*`: create only */
                "If-None-Match"?: string;
                /** @description A repetition with the same key is done once */
                "Idempotency-Key"?: string;
                /** @description Reason for the history, percent-encoded */
                "X-WK-Why"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserInput"];
            };
        };
        responses: {
            /** @description Replaced, or as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserResource"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserResource"];
                };
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_password: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetPassword"];
            };
        };
        responses: {
            /** @description A random one was made */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadePassword"];
                };
            };
            /** @description Set */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The body did not come in time (WK-2013) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reset_second_factor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken away, or there was none */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    alertmanager_get_api_v2_status: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    index: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    help: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `WK-1234` */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Exposition */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    prometheus_get_api_v1_query: {
        parameters: {
            query: {
                query: string;
                time?: string;
                timeout?: string;
                limit?: string;
                lookback_delta?: string;
                stats?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    prometheus_post_api_v1_query: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    query: string;
                    time?: string;
                    timeout?: string;
                    limit?: string;
                    lookback_delta?: string;
                    stats?: string;
                };
            };
        };
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    prometheus_get_api_v1_query_range: {
        parameters: {
            query: {
                query: string;
                start?: string;
                end?: string;
                step?: string;
                timeout?: string;
                limit?: string;
                lookback_delta?: string;
                stats?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    prometheus_post_api_v1_query_range: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    query: string;
                    start?: string;
                    end?: string;
                    step?: string;
                    timeout?: string;
                    limit?: string;
                    lookback_delta?: string;
                    stats?: string;
                };
            };
        };
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    prometheus_get_api_v1_query_exemplars: {
        parameters: {
            query: {
                query: string;
                start?: string;
                end?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    prometheus_post_api_v1_query_exemplars: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    query: string;
                    start?: string;
                    end?: string;
                };
            };
        };
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    prometheus_get_api_v1_series: {
        parameters: {
            query: {
                "match[]": string[];
                start?: string;
                end?: string;
                limit?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    prometheus_post_api_v1_series: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    "match[]": string[];
                    start?: string;
                    end?: string;
                    limit?: string;
                };
            };
        };
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    prometheus_get_api_v1_labels: {
        parameters: {
            query?: {
                "match[]"?: string[];
                start?: string;
                end?: string;
                limit?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    prometheus_post_api_v1_labels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/x-www-form-urlencoded": {
                    "match[]"?: string[];
                    start?: string;
                    end?: string;
                    limit?: string;
                };
            };
        };
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    prometheus_get_api_v1_metadata: {
        parameters: {
            query?: {
                metric?: string;
                limit?: string;
                limit_per_metric?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    prometheus_get_api_v1_rules: {
        parameters: {
            query?: {
                type?: string;
                "rule_name[]"?: string[];
                "rule_group[]"?: string[];
                "file[]"?: string[];
                exclude_alerts?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    prometheus_get_api_v1_alerts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    prometheus_get_api_v1_targets: {
        parameters: {
            query?: {
                state?: string;
                scrapePool?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    prometheus_get_api_v1_targets_metadata: {
        parameters: {
            query?: {
                match_target?: string[];
                metric?: string;
                limit?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    prometheus_get_api_v1_status_buildinfo: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    prometheus_get_federate: {
        parameters: {
            query: {
                "match[]": string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "text/plain": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "text/plain": unknown;
                };
            };
        };
    };
    alertmanager_get_api_v2_alerts: {
        parameters: {
            query?: {
                active?: string;
                silenced?: string;
                inhibited?: string;
                unprocessed?: string;
                muted?: string;
                receiver?: string;
                filter?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    alertmanager_get_api_v2_alerts_groups: {
        parameters: {
            query?: {
                active?: string;
                silenced?: string;
                inhibited?: string;
                unprocessed?: string;
                muted?: string;
                receiver?: string;
                filter?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    alertmanager_get_api_v2_receivers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the program answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
            /** @description A problem, or the program's own words */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": unknown;
                };
            };
        };
    };
    asset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its path below `assets` */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem: not now; repeat it after `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem: the request cannot be done */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
