/** The languages, by their own names. */
import { Menu } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { known, type Language, languages, prefer } from "../app/i18n";
import type { Opened } from "./OnDemand";

export default function LanguageChoices({ button }: Opened) {
  const { i18n } = useTranslation();
  const spoken = known(i18n.language);
  return (
    <Menu position="bottom-end" defaultOpened>
      <Menu.Target>{button}</Menu.Target>
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
