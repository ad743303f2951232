/** A new password for oneself: the one until now proves that it is oneself. */
import { Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { setPassword } from "../../api/accounts";
import { Problem } from "../../api/http";
import { Card } from "../../parts/Card";
import { ProblemBox } from "../../parts/Problem";

/** As the server wants it. */
const SHORTEST = 12;

export function PasswordForm({ user }: { user: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [current, setCurrent] = useState("");
  const [password, setNew] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const change = useMutation({
    mutationFn: () => setPassword(user, { current, password }),
    onSuccess: () => {
      setTried(false);
      for (const clear of [setCurrent, setNew, setAgain]) clear("");
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["sessions"] }),
  });
  const short = [...password].length < SHORTEST;
  const differ = password !== again;
  const refused = change.error instanceof Problem && change.error.code === "WK-2021";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!short && !differ && current !== "") change.mutate();
  };
  return (
    <Card title={t("account.password.title")}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm" maw={420}>
          <Text size="sm" c="dimmed">
            {t("account.password.lead")}
          </Text>
          {change.error && !refused ? <ProblemBox error={change.error} /> : null}
          {change.isSuccess ? (
            <Text size="sm" role="status">
              {t("account.password.changed")}
            </Text>
          ) : null}
          {/* Password managers want to know whose it is. */}
          <input type="text" name="username" autoComplete="username" value={user} readOnly hidden />
          <PasswordInput
            label={t("account.password.current")}
            autoComplete="current-password"
            value={current}
            error={refused ? t("account.password.wrong") : undefined}
            onChange={({ currentTarget: { value } }) => setCurrent(value)}
            withAsterisk
          />
          <PasswordInput
            label={t("account.password.new")}
            description={t("account.password.rule")}
            autoComplete="new-password"
            value={password}
            error={tried && short ? t("account.password.short") : undefined}
            onChange={({ currentTarget: { value } }) => setNew(value)}
            withAsterisk
          />
          <PasswordInput
            label={t("account.password.again")}
            autoComplete="new-password"
            value={again}
            error={tried && differ ? t("account.password.differ") : undefined}
            onChange={({ currentTarget: { value } }) => setAgain(value)}
            withAsterisk
          />
          <Group>
            <Button type="submit" loading={change.isPending}>
              {t("account.password.submit")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
