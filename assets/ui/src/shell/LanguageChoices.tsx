/** The languages, by their own names. */
import { Menu } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { call } from "../api/http";
import { known, type Language, languages, prefer } from "../app/i18n";
import { useSession } from "../app/session";
import type { Opened } from "./OnDemand";

export default function LanguageChoices({ button }: Opened) {
  const { i18n } = useTranslation();
  const { session } = useSession();
  const spoken = known(i18n.language);
  const choose = (language: Language) => {
    void prefer(language);
    // The cookie has it already; the server keeps it for the account's other browsers.
    if (session) call("PUT", "/api/v1/session/language", { body: { language } }).catch(() => {});
  };
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
            onClick={() => choose(language)}
          >
            {languages[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
