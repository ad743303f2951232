/** Asks a provider as it stands in the form, and says what came of it, step by step. */
import { Button, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconClock, IconPlugConnected } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { checkSignIn } from "../../api/accounts";
import { Chip } from "../../parts/Chip";
import { ProblemBox } from "../../parts/Problem";
import type { SignIn } from "./signInDraft";
import style from "./Users.module.css";

const looks = {
  good: ["ok", IconCircleCheck],
  bad: ["critical", IconCircleX],
  later: ["muted", IconClock],
} as const;

/** `settings` holds the one provider; `settle` says whether the form can be asked about at all. */
export function TryProvider({ settings, settle }: { settings: SignIn; settle: () => boolean }) {
  const { t } = useTranslation();
  const draft = JSON.stringify(settings);
  const trial = useMutation({ mutationFn: (text: string) => checkSignIn(JSON.parse(text)) });
  // Of another draft it says nothing.
  const steps = trial.variables === draft ? (trial.data?.steps ?? []) : [];
  return (
    <div className={style.trial}>
      <Button
        variant="default"
        style={{ justifySelf: "start" }}
        loading={trial.isPending}
        leftSection={<IconPlugConnected size={16} aria-hidden />}
        onClick={() => settle() && trial.mutate(draft)}
      >
        {t("users.sign_in.try")}
      </Button>
      {trial.error ? <ProblemBox error={trial.error} /> : null}
      <div role="status">
        {steps.length === 0 ? null : (
          <ul className={style.tried}>
            {steps.map(({ step, went, why }) => (
              <li key={step}>
                <Chip tone={looks[went][0]} icon={looks[went][1]} text={t(`users.sign_in.went.${went}`)} />{" "}
                {t(`users.sign_in.step.${step}`)}
                {why === "" ? null : <div className={style.why}>{why}</div>}
              </li>
            ))}
          </ul>
        )}
        {steps.some(({ went }) => went === "later") ? (
          <Text size="sm" c="dimmed" mt={6}>
            {t("users.sign_in.later")}
          </Text>
        ) : null}
      </div>
    </div>
  );
}
