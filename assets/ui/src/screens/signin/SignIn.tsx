/** The page for whoever is not signed in. */
import { Text } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { boot } from "../../app/boot";
import { Mark } from "../../parts/Mark";
import { LanguageMenu } from "../../shell/LanguageMenu";
import style from "./SignIn.module.css";
import { SignInForm } from "./SignInForm";

export default function SignIn() {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = [t("signin.title"), boot.site, t("product")].filter(Boolean).join(" · ");
  }, [t]);
  return (
    <div className={style.page}>
      <header className={style.brand}>
        <Mark size={44} />
        <p className={style.product}>{t("product")}</p>
        <p className={style.claim}>{t("signin.claim")}</p>
      </header>
      <main className={style.main}>
        <div className={style.card}>
          <h1 className={style.title}>{t("signin.title")}</h1>
          <Text size="sm" c="dimmed" mb="lg">
            {boot.site === "" ? t("signin.lead") : t("signin.site", { site: boot.site })}
          </Text>
          <SignInForm />
          <Text size="xs" c="dimmed" mt="lg">
            {t("signin.first")}
          </Text>
        </div>
        <div className={style.foot}>
          <span>{t("signin.version", { version: boot.version })}</span>
          <LanguageMenu />
        </div>
      </main>
    </div>
  );
}
