/** One's own second factor: turn it on with an authenticator app, or off. */
import { Alert, Button, Group, Loader, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { renderSVG } from "uqr";
import { call, get } from "../../api/http";
import type { NewFactor, SecondFactorState } from "../../api/types";
import { CopyButton } from "../../parts/Copy";
import { Dialog } from "../../parts/Dialog";
import { useProblemText } from "../../parts/problemText";

const PATH = "/api/v1/session/totp";

export default function SecondFactor({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const state = useQuery({
    queryKey: ["second-factor"],
    queryFn: ({ signal }) => get<SecondFactorState>(PATH, undefined, signal),
  });
  const done = async () => {
    await queries.invalidateQueries({ queryKey: ["second-factor"] });
    close();
  };
  return (
    <Dialog opened title={t("factor.title")} close={close}>
      {state.data === undefined ? (
        state.isError ? (
          <Wrong error={state.error} />
        ) : (
          <Loader />
        )
      ) : state.data.enabled ? (
        <TurnOff done={done} />
      ) : (
        <TurnOn done={done} />
      )}
    </Dialog>
  );
}

function TurnOn({ done }: { done: () => Promise<void> }) {
  const { t } = useTranslation();
  const [made, setMade] = useState<NewFactor | null>(null);
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  if (made === null) {
    const begin = async () => setMade(await call<NewFactor>("POST", PATH, { body: { password } }));
    return (
      <Step lead={t("factor.why")} action={t("factor.begin")} ready={password !== ""} run={begin}>
        <Password value={password} change={setPassword} />
      </Step>
    );
  }
  const confirm = async () => {
    await call("PUT", PATH, { body: { code } });
    await done();
  };
  return (
    <Step lead={t("factor.scan")} action={t("factor.confirm")} ready={code !== ""} run={confirm}>
      <img
        alt={t("factor.picture")}
        width={200}
        height={200}
        style={{ alignSelf: "center", background: "#ffffff", borderRadius: 8 }}
        src={`data:image/svg+xml;utf8,${encodeURIComponent(renderSVG(made.uri))}`}
      />
      <Group justify="space-between" wrap="nowrap">
        <Text size="xs" ff="monospace" style={{ overflowWrap: "anywhere" }}>
          {made.secret}
        </Text>
        <CopyButton value={made.secret} />
      </Group>
      <Code value={code} change={setCode} />
    </Step>
  );
}

function TurnOff({ done }: { done: () => Promise<void> }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const off = async () => {
    await call("POST", `${PATH}/off`, { body: { password, code } });
    await done();
  };
  const ready = password !== "" && code !== "";
  return (
    <Step lead={t("factor.is_on")} action={t("factor.off")} ready={ready} run={off} color="red">
      <Password value={password} change={setPassword} />
      <Code value={code} change={setCode} />
    </Step>
  );
}

interface StepProps {
  lead: string;
  action: string;
  color?: string;
  ready: boolean;
  run: () => Promise<void>;
  children: ReactNode;
}

/** One question with its button. What it is refused for stands above. */
function Step({ lead, action, color, ready, run, children }: StepProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await run();
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        <Text size="sm">{lead}</Text>
        {error === null ? null : <Wrong error={error} />}
        {children}
        <Button type="submit" loading={busy} disabled={!ready} {...(color ? { color } : {})}>
          {action}
        </Button>
      </Stack>
    </form>
  );
}

function Wrong({ error }: { error: unknown }) {
  const text = useProblemText(error);
  return (
    <Alert color="red" variant="outline" role="alert">
      {text}
    </Alert>
  );
}

interface FieldProps {
  value: string;
  change: (value: string) => void;
}

function Password({ value, change }: FieldProps) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      label={t("factor.password")}
      autoComplete="current-password"
      data-autofocus
      value={value}
      visibilityToggleButtonProps={{ "aria-label": t("signin.show") }}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}

function Code({ value, change }: FieldProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t("signin.code")}
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={10}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
