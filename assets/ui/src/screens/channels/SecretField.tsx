/** A secret by its name; a new value can be set here and is never shown again, not even to us. */
import { Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { apply } from "../../api/changes";
import { objects } from "../../api/objects";
import { setSecret } from "../../api/told";
import { ObjectSelect } from "../../parts/form/inputs";
import type { FieldProps } from "../../parts/form/useFields";
import { ProblemBox } from "../../parts/Problem";

interface SecretFieldProps {
  label: string;
  /** Whose it is; empty = nobody's. */
  project: string;
  /** Name of a secret that is made when none is chosen. */
  suggestion: string;
  value: string;
  change: (name: string) => void;
  field: FieldProps;
}

export function SecretField({ label, project, suggestion, value, change, field }: SecretFieldProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const known = useQuery(objects("secret")).data?.items ?? [];
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const save = async () => {
    const name = value === "" ? suggestion : value;
    setBusy(true);
    setError(null);
    try {
      if (!known.some((secret) => secret.name === name)) {
        await apply([
          { kind: "secret", name, spec: { title: label, ...(project === "" ? {} : { project }) } },
        ]);
      }
      await setSecret(name, typed);
      setTyped("");
      setDone(true);
      change(name);
      await queries.invalidateQueries({ queryKey: ["secrets"] });
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
  };

  return (
    <Stack gap="xs">
      <ObjectSelect kind="secret" label={label} value={value} change={change} field={field} optional />
      <Group gap="sm" align="flex-end">
        <PasswordInput
          label={t(value === "" ? "channels.secret.new" : "channels.secret.replace")}
          value={typed}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ "aria-label": t("signin.show") }}
          onChange={(event) => {
            setDone(false);
            setTyped(event.currentTarget.value);
          }}
          style={{ flexGrow: 1 }}
        />
        <Button
          variant="default"
          leftSection={<IconKey size={16} aria-hidden />}
          loading={busy}
          disabled={typed === ""}
          onClick={() => void save()}
        >
          {t("channels.secret.save")}
        </Button>
      </Group>
      {done ? (
        <Text size="sm" c="var(--wk-ok)" role="status">
          {t("channels.secret.saved")}
        </Text>
      ) : null}
      {error === null ? null : <ProblemBox error={error} title={t("channels.secret.failed")} />}
    </Stack>
  );
}
