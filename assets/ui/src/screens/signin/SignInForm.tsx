/** Name and password, then the code where the account has a second factor; used by the sign-in page and over a page whose session ended. */
import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../../api/http";
import { useSession } from "../../app/session";
import { useProblemText } from "../../parts/problemText";

export function SignInForm({ user: known }: { user?: string }) {
  const { t } = useTranslation();
  const { signIn } = useSession();
  const [user, setUser] = useState(known ?? "");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const text = useProblemText(error);
  const refused = error instanceof Problem && error.code === "WK-2021";

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await signIn(user.trim(), password, code?.replace(/\s/g, ""));
    } catch (problem) {
      const asked = problem instanceof Problem && problem.code === "WK-2026";
      // Asking for the code is no failure; a wrong one is.
      if (asked && code === null) setCode("");
      else setError(problem);
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        {error === null ? null : (
          <Alert color="red" variant="outline" role="alert" title={t("signin.failed")}>
            {refused ? t("signin.refused") : text}
          </Alert>
        )}
        <TextInput
          label={t("signin.user")}
          name="user"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={user}
          readOnly={known !== undefined || code !== null}
          data-autofocus={known === undefined || undefined}
          onChange={(event) => setUser(event.currentTarget.value)}
        />
        <PasswordInput
          label={t("signin.password")}
          name="password"
          autoComplete="current-password"
          value={password}
          data-autofocus={known === undefined ? undefined : true}
          visibilityToggleButtonProps={{ "aria-label": t("signin.show") }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {code === null ? null : (
          <TextInput
            label={t("signin.code")}
            description={t("signin.code_hint")}
            name="totp"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={10}
            autoFocus
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        )}
        <Button
          type="submit"
          size="md"
          loading={busy}
          disabled={user.trim() === "" || password === "" || code === ""}
        >
          {t("signin.submit")}
        </Button>
      </Stack>
    </form>
  );
}
