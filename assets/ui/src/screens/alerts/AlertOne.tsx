/** The drawer of one alert: who was told first, then what it says about itself. */

import { Anchor, Group, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { IconBellOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { alert } from "../../api/queries";
import type { Alert } from "../../api/types";
import { useMayChange } from "../../app/session";
import { Ago } from "../../parts/Ago";
import { AlertStateChip, SeverityChip } from "../../parts/Chip";
import { CopyButton } from "../../parts/Copy";
import { Facts } from "../../parts/Facts";
import { LabelChip } from "../../parts/Labels";
import { Loading } from "../../parts/Loading";
import { ButtonLink, TextLink } from "../../parts/links";
import { matchersOf } from "../../parts/matchers";
import { Panel } from "../../parts/Panel";
import panel from "../../parts/Panel.module.css";
import { Stale } from "../../parts/Stale";
import { safeLink } from "../../parts/safeLink";
import style from "./Alerts.module.css";
import { Receipts } from "./Receipts";

const route = getRouteApi("/alerts/$fingerprint");

export function AlertOne() {
  const { t } = useTranslation();
  const { fingerprint } = route.useParams();
  const navigate = useNavigate();
  const query = useQuery(alert(fingerprint));
  const close = () => void navigate({ to: "/alerts", search: true });
  return (
    <Panel title={query.data?.name ?? t("alerts.one")} close={close}>
      <Stale query={query} title={t("alerts.one_failed")} />
      {query.data === undefined ? query.error ? null : <Loading /> : <Details alert={query.data} />}
    </Panel>
  );
}

function Details({ alert: one }: { alert: Alert }) {
  const { t } = useTranslation();
  const may = useMayChange("silence");
  const { summary, description, ...rest } = one.annotations;
  return (
    <>
      <div className={style.chips}>
        <SeverityChip severity={one.severity} />
        <AlertStateChip state={one.state} />
        <Text span size="sm" c="dimmed">
          {t("alerts.since")} <Ago at={one.starts_at} focusable />
        </Text>
      </div>
      {summary ? <p className={style.lead}>{summary}</p> : null}
      {description ? (
        <Text size="sm" c="dimmed" mt={4}>
          {description}
        </Text>
      ) : null}
      <Group mt="md" gap="md">
        {may ? (
          <ButtonLink
            to="/silences/new"
            search={{ m: matchersOf([one]).join("\n") }}
            size="sm"
            variant="default"
            leftSection={<IconBellOff size={16} aria-hidden />}
          >
            {t("alerts.silence")}
          </ButtonLink>
        ) : null}
        <TextLink size="sm" to="/notifications" search={{ fingerprint: one.fingerprint }}>
          {t("alerts.of_alert")}
        </TextLink>
      </Group>
      <h3 className={panel.section}>{t("alerts.receipts")}</h3>
      <Receipts alert={one} />
      <h3 className={panel.section}>{t("alerts.labels")}</h3>
      <LabelFilters labels={one.labels} />
      {Object.keys(rest).length > 0 ? (
        <>
          <h3 className={panel.section}>{t("alerts.annotations")}</h3>
          <Facts
            facts={Object.entries(rest).map(([name, value]) => [name, <Value key={name} text={value} />])}
          />
        </>
      ) : null}
      <h3 className={panel.section}>{t("alerts.more")}</h3>
      <Facts
        facts={[
          [
            t("alerts.fingerprint"),
            <span key="fingerprint" className={style.pair}>
              <code>{one.fingerprint}</code>
              <CopyButton value={one.fingerprint} />
            </span>,
          ],
          [t("alerts.receivers"), one.receivers.join(", ") || t("alerts.no_receiver")],
          [t("alerts.silenced_by"), one.silenced_by.join(", ") || t("alerts.not_silenced")],
        ]}
      />
    </>
  );
}

/** Labels that filter the list when pressed. */
function LabelFilters({ labels }: { labels: Record<string, string> }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <div className={style.chips}>
      {Object.entries(labels).map(([name, value]) => (
        <Tooltip key={name} label={t("alerts.filter_by", { value })}>
          <UnstyledButton
            className={style.filter}
            onClick={() => void navigate({ to: "/alerts", search: (before) => ({ ...before, q: value }) })}
          >
            <LabelChip name={name} value={value} />
          </UnstyledButton>
        </Tooltip>
      ))}
    </div>
  );
}

function Value({ text }: { text: string }) {
  const link = safeLink(text);
  if (link === undefined) return text;
  return (
    <Anchor href={link} size="sm" target="_blank" rel="noreferrer">
      {text}
    </Anchor>
  );
}
