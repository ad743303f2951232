/** Which language the portal speaks; kept for the next visit. */
import { ActionIcon } from "@mantine/core";
import { IconLanguage } from "@tabler/icons-react";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { OnDemand } from "./OnDemand";

const load = () => import("./LanguageChoices");
const LanguageChoices = lazy(load);

export function LanguageMenu() {
  const { t } = useTranslation();
  return (
    <OnDemand
      kind="menu"
      load={load}
      content={LanguageChoices}
      button={
        <ActionIcon variant="subtle" color="gray" size={34} aria-label={t("shell.language")}>
          <IconLanguage size={19} stroke={1.75} />
        </ActionIcon>
      }
    />
  );
}
