/** Sends a test through a channel or a receiver and shows what came back, word for word. */
import { Button, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconSend } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sendTest } from "../api/changes";
import type { TestResult } from "../api/types";
import { useMayChangeThis } from "../app/session";
import { Dialog } from "./Dialog";
import { ProblemBox } from "./Problem";
import style from "./TestButton.module.css";

interface TestButtonProps {
  kind: "channel" | "receiver";
  name: string;
  title: string;
  /** Spec of the object, which says whose it is; none = nobody's. */
  spec?: object;
  size?: string;
}

export function TestButton({ kind, name, title, spec, size = "xs" }: TestButtonProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [results, setResults] = useState<TestResult[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const may = useMayChangeThis(kind, spec);
  if (!may) return null;
  const close = () => {
    setResults(null);
    setError(null);
  };
  const act = async () => {
    setBusy(true);
    close();
    try {
      setResults(await sendTest(`${kind}s`, name));
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
    await queries.invalidateQueries({ queryKey: ["receipts"] });
  };
  return (
    <>
      <Button
        size={size}
        variant="default"
        loading={busy}
        leftSection={<IconSend size={15} aria-hidden />}
        aria-label={t("sent.test_of", { title })}
        onClick={() => void act()}
      >
        {t("sent.send")}
      </Button>
      <Dialog
        opened={results !== null || error !== null}
        title={t("sent.result", { title })}
        close={close}
        size={560}
      >
        {error === null ? null : <ProblemBox error={error} title={t("sent.not_sent")} />}
        <Stack gap="sm">
          {(results ?? []).map((result) => (
            <Result key={`${result.channel} ${result.to}`} result={result} />
          ))}
          {results?.length === 0 ? <Text size="sm">{t("sent.no_channel")}</Text> : null}
        </Stack>
      </Dialog>
    </>
  );
}

function Result({ result }: { result: TestResult }) {
  const { t } = useTranslation();
  const Icon = result.ok ? IconCircleCheck : IconAlertTriangle;
  return (
    <div className={style.result} data-ok={result.ok || undefined}>
      <Icon size={18} aria-hidden />
      <div>
        <div className={style.head}>
          {t(result.ok ? "sent.ok" : "sent.bad", { channel: result.channel, to: result.to })}
        </div>
        <div className={style.took}>{t("time.millis", { millis: result.took_ms })}</div>
        {result.answer === "" ? null : <pre className={style.answer}>{result.answer}</pre>}
      </div>
    </div>
  );
}
