/** The content of `ApplyDialog`, loaded when it is first opened. */
import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { apply, plan } from "../api/changes";
import type { ApplyDialogProps } from "./ApplyDialog";
import { Dialog } from "./Dialog";
import { Loading } from "./Loading";
import { PlanView } from "./PlanView";
import { ProblemBox } from "./Problem";
import { useUndo } from "./useUndo";

export default function ApplyBody({ title, close, ...rest }: ApplyDialogProps) {
  return (
    <Dialog opened title={title} close={close} size={760}>
      <Body {...rest} close={close} />
    </Dialog>
  );
}

function Body({ documents, words, said, foresee, write, close, done }: Omit<ApplyDialogProps, "title">) {
  const { t } = useTranslation();
  const [why, setWhy] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const undo = useUndo();
  const query = useQuery({
    queryKey: ["apply", "plan", documents],
    queryFn: foresee ?? (() => plan(documents)),
    // Once it is written, what was foreseen must not be asked about again.
    enabled: !busy,
    // What it answers is true for this moment only.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const ready = query.data !== undefined && query.data.errors.length === 0 && changes(query.data.changes) > 0;

  const act = async () => {
    setBusy(true);
    setError(null);
    try {
      const written = await (write ? write(why.trim()) : apply(documents, why.trim()));
      undo(said, written);
      done(written);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };

  return (
    <Stack gap="md">
      {error === null ? null : <ProblemBox error={error} title={t("review.failed")} />}
      {query.error ? (
        <ProblemBox error={query.error} title={t("review.refused")} retry={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <Loading rows={4} />
      ) : (
        <PlanView plan={query.data} {...(words ? { words } : {})} />
      )}
      {ready ? (
        <TextInput
          label={t("review.why")}
          placeholder={t("review.why_example")}
          value={why}
          maxLength={500}
          onChange={(event) => setWhy(event.currentTarget.value)}
        />
      ) : null}
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          {t("action.cancel")}
        </Button>
        <ApplyButton ready={ready} busy={busy} act={() => void act()} />
      </Group>
      {busy ? (
        <Text size="sm" c="dimmed" role="status">
          {t("review.saving")}
        </Text>
      ) : null}
    </Stack>
  );
}

/** Takes the focus as soon as it can be pressed: Enter applies. */
function ApplyButton({ ready, busy, act }: { ready: boolean; busy: boolean; act: () => void }) {
  const { t } = useTranslation();
  return (
    <Button
      key={ready ? "ready" : "waiting"}
      ref={(button: HTMLButtonElement | null) => {
        if (ready) button?.focus();
      }}
      data-autofocus
      leftSection={<IconCheck size={16} aria-hidden />}
      loading={busy}
      disabled={!ready}
      onClick={act}
    >
      {t("review.apply")}
    </Button>
  );
}

function changes(lines: { action: string }[]): number {
  return lines.filter((line) => line.action !== "unchanged").length;
}
