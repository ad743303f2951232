/** Which language the portal speaks; kept for the next visit. */
import { ActionIcon, Menu } from "@mantine/core";
import { IconCheck, IconLanguage } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { known, type Language, languages, prefer } from "../app/i18n";

export function LanguageMenu() {
  const { t, i18n } = useTranslation();
  const spoken = known(i18n.language);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={34} aria-label={t("shell.language")}>
          <IconLanguage size={19} stroke={1.75} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.keys(languages) as Language[]).map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            aria-current={language === spoken || undefined}
            rightSection={language === spoken ? <IconCheck size={16} aria-hidden /> : undefined}
            onClick={() => void prefer(language)}
          >
            {languages[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
