/** Who would be told of this alert, in words, and a real test message to them. */
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconSend, IconUserOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sendTest } from "../../api/changes";
import { explained } from "../../api/rules";
import type { Labels, TestResult, Told } from "../../api/types";
import { useMay } from "../../app/session";
import { useProblemText } from "../../parts/problemText";
import style from "./Rules.module.css";

export function WhoGets({ labels }: { labels: Labels }) {
  const { t } = useTranslation();
  const query = useQuery(explained(labels));
  const problem = useProblemText(query.error);
  if (query.error) return <p className={style.warning}>{t("rules.who.failed", { problem })}</p>;
  if (query.data === undefined) return <Text c="dimmed">{t("loading")}</Text>;
  if (query.data.nobody) {
    return (
      <Alert
        color="yellow"
        variant="outline"
        icon={<IconUserOff aria-hidden />}
        title={t("rules.who.nobody")}
      >
        {query.data.words}
      </Alert>
    );
  }
  return (
    <Stack gap="xs">
      {query.data.told.map((told) => (
        <One key={`${told.receiver} ${told.path.map((step) => step.words).join()}`} told={told} />
      ))}
    </Stack>
  );
}

function One({ told }: { told: Told }) {
  const { t } = useTranslation();
  const may = useMay("operator");
  const ways = told.channels.map((channel) =>
    [channel.name, channel.to.join(", ")].filter(Boolean).join(": "),
  );
  return (
    <div className={style.told}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <span>
          <strong>{told.receiver}</strong>
          {told.people.length > 0 ? ` (${told.people.join(", ")})` : null}{" "}
          {ways.length > 0 ? t("rules.who.over", { channels: ways.join("; ") }) : t("rules.who.no_channel")}
        </span>
        {may ? <SendTest receiver={told.receiver} /> : null}
      </Group>
      <span className={style.path}>{told.path.map((step) => step.words).join(" → ")}</span>
      {told.active ? null : (
        <span className={style.warning}>{t("rules.who.muted", { intervals: told.muted_by.join(", ") })}</span>
      )}
    </div>
  );
}

function SendTest({ receiver }: { receiver: string }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [results, setResults] = useState<TestResult[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const problem = useProblemText(error);

  const send = async () => {
    setBusy(true);
    setError(null);
    try {
      setResults(await sendTest("receivers", receiver));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div>
      <Button
        size="compact-sm"
        variant="default"
        loading={busy}
        leftSection={<IconSend size={14} aria-hidden />}
        onClick={() => void send()}
      >
        {t("rules.who.test")}
      </Button>
      <div role="status">
        {error === null ? null : <p className={style.error}>{problem}</p>}
        {results?.map((result) => (
          <p key={`${result.channel} ${result.to}`} className={result.ok ? style.help : style.error}>
            {t(result.ok ? "rules.who.sent" : "rules.who.not_sent", {
              channel: result.channel,
              answer: result.answer,
              millis: Math.round(result.took_ms),
            })}
          </p>
        ))}
      </div>
    </div>
  );
}
