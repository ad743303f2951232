/** The drawer of one notification: what was said, to whom, every attempt with the answer. */

import { Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { notifications } from "../../api/told";
import type { Receipt, ReceiptAttempt } from "../../api/types";
import { useScope } from "../../app/useScope";
import { Ago } from "../../parts/Ago";
import { Chip, SeverityChip } from "../../parts/Chip";
import { CopyButton } from "../../parts/Copy";
import { Empty } from "../../parts/Empty";
import { Facts } from "../../parts/Facts";
import { Loading } from "../../parts/Loading";
import { Panel } from "../../parts/Panel";
import panel from "../../parts/Panel.module.css";
import { Stale } from "../../parts/Stale";
import cells from "../../parts/Table.module.css";
import { SIZE } from "./Notifications";
import style from "./Notifications.module.css";
import { looks } from "./state";

const list = getRouteApi("/notifications");
const route = getRouteApi("/notifications/$id");

export function NotificationOne() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const { state, receiver, channel, fingerprint, before } = list.useSearch();
  const navigate = useNavigate();
  // The same page of the list: one request for both.
  const query = useQuery(
    notifications(useScope(), { state, receiver, channel, fingerprint, before, limit: SIZE }),
  );
  const receipt = query.data?.items.find((each) => each.id === id);
  const close = () => void navigate({ to: "/notifications", search: true });
  return (
    <Panel title={t("notifications.one")} close={close}>
      <Stale query={query} title={t("notifications.failed")} />
      {receipt ? (
        <Details receipt={receipt} />
      ) : query.data === undefined ? (
        query.error ? null : (
          <Loading />
        )
      ) : (
        <Empty title={t("notifications.gone")} text={t("notifications.gone_text")} />
      )}
    </Panel>
  );
}

function Details({ receipt }: { receipt: Receipt }) {
  const { t } = useTranslation();
  const [tone, icon] = looks[receipt.state];
  return (
    <>
      <Group gap="sm">
        <Chip tone={tone} icon={icon} text={t(`receipt.${receipt.state}`)} />
        <span className={style.quiet}>
          <Ago at={receipt.at} focusable />
        </span>
      </Group>
      {receipt.reason ? <p className={style.bad}>{receipt.reason}</p> : null}
      <h3 className={panel.section}>{t("notifications.attempts")}</h3>
      {receipt.attempts.length === 0 ? <p className={style.quiet}>{t("notifications.no_attempt")}</p> : null}
      <ol className={style.attempts}>
        {receipt.attempts.map((attempt) => (
          <Attempt key={attempt.n} attempt={attempt} />
        ))}
      </ol>
      <h3 className={panel.section}>{t("notifications.column.alerts")}</h3>
      {receipt.test ? <p className={style.quiet}>{t("notifications.test_about")}</p> : null}
      <ol className={style.attempts}>
        {receipt.alerts.map((alert) => (
          <li key={`${alert.fingerprint} ${alert.status}`}>
            <Group gap="xs">
              <SeverityChip severity={alert.severity} />
              <Link
                to="/alerts/$fingerprint"
                params={{ fingerprint: alert.fingerprint }}
                className={cells.link}
              >
                {alert.name}
              </Link>
              <span className={style.quiet}>
                {[alert.project, alert.labels.instance].filter(Boolean).join(" · ")}
              </span>
            </Group>
          </li>
        ))}
      </ol>
      <h3 className={panel.section}>{t("notifications.more")}</h3>
      <Facts
        facts={[
          [t("notifications.column.receiver"), receipt.receiver || t("form.none")],
          [
            t("notifications.column.channel"),
            receipt.channel === "" ? (
              t("receipt.no_channel")
            ) : (
              <Link key="channel" to="/channels/$name" params={{ name: receipt.channel }}>
                {receipt.channel}
              </Link>
            ),
          ],
          [t("notifications.to"), receipt.to || t("form.none")],
          [t("notifications.what"), t(`receipt.about.${receipt.about}`)],
          [
            t("notifications.id"),
            <Group key="id" gap={4}>
              <code>{receipt.id}</code>
              <CopyButton value={receipt.id} />
            </Group>,
          ],
          ...(receipt.local ? [[t("notifications.how"), t("receipt.local")] as [string, string]] : []),
        ]}
      />
    </>
  );
}

function Attempt({ attempt }: { attempt: ReceiptAttempt }) {
  const { t } = useTranslation();
  return (
    <li>
      <Group justify="space-between" gap="xs">
        <span>
          {t("notifications.attempt", { number: attempt.n })} {t(`notifications.outcome.${attempt.outcome}`)}
        </span>
        <span className={style.quiet}>
          <Ago at={attempt.at} focusable /> {t("time.millis", { millis: attempt.took_ms })}
        </span>
      </Group>
      {attempt.answer === "" ? null : <pre className={style.answer}>{attempt.answer}</pre>}
    </li>
  );
}
