/** Who would be told of this alert, in words, and a real test message to them. */
import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { explain } from "../../api/told";
import type { Labels } from "../../api/types";
import { useMayChange } from "../../app/session";
import { ButtonLink } from "../../parts/links";
import { useProblemText } from "../../parts/problemText";
import { TestButton } from "../../parts/TestButton";
import { Answer } from "../routes/Answer";
import style from "./Rules.module.css";
import { useAlertLabels } from "./useAlertLabels";

interface WhoGetsProps {
  labels: Labels;
  /** Offers a policy for it where nobody would be told. */
  project?: string;
}

export function WhoGets({ labels, project }: WhoGetsProps) {
  const { t } = useTranslation();
  const all = useAlertLabels(labels);
  const query = useQuery({ ...explain({ labels: all }), retry: false });
  const problem = useProblemText(query.error);
  const may = useMayChange("policy");
  if (query.error) return <p className={style.warning}>{t("rules.who.failed", { problem })}</p>;
  if (query.data === undefined) return <Text c="dimmed">{t("loading")}</Text>;
  const receivers = new Map(
    query.data.told.flatMap(({ receiver, receiver_title }) =>
      receiver ? [[receiver, receiver_title || receiver] as const] : [],
    ),
  );
  return (
    <>
      <Answer answer={query.data} />
      <Group gap="xs" mt="sm">
        {[...receivers].map(([name, title]) => (
          <TestButton key={name} kind="receiver" name={name} title={title} />
        ))}
        {query.data.nobody && query.data.silences.length === 0 && project && may ? (
          <ButtonLink to="/routes/$kind" params={{ kind: "policy" }} search={{ project }} size="xs">
            {t("routes.new.policies")}
          </ButtonLink>
        ) : null}
      </Group>
    </>
  );
}
