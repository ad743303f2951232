/** The page for whoever is not signed in. */
import { Alert, Text } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { boot } from "../../app/boot";
import { Mark } from "../../parts/Mark";
import { LanguageMenu } from "../../shell/LanguageMenu";
import style from "./SignIn.module.css";
import { SignInForm } from "./SignInForm";
import { SingleSignOn } from "./SingleSignOn";

/** What became of a sign-in at the provider, which leads back here with a code. */
function Refused() {
  const { t } = useTranslation();
  const code = new URLSearchParams(window.location.search).get("refused");
  if (code === null) return null;
  const { contact } = boot.signIn;
  const text =
    code === "WK-2027"
      ? contact === ""
        ? t("signin.no_role")
        : t("signin.no_role_ask", { contact })
      : code === "WK-2029"
        ? t("signin.unfinished")
        : t("signin.provider_failed");
  return (
    <Alert color="red" variant="outline" role="alert" title={t("signin.failed")} mb="md">
      {text}
    </Alert>
  );
}

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
          <Refused />
          <SignInForm />
          <SingleSignOn />
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
