/** The way to the OpenID provider's page, where one is declared, and back to the page asked for. */
import { Button, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { address } from "../../api/http";
import { boot } from "../../app/boot";

export function SingleSignOn() {
  const { t } = useTranslation();
  const { oidc } = boot.signIn;
  if (oidc === null) return null;
  return (
    <>
      <Text size="sm" c="dimmed" ta="center" my="sm">
        {t("signin.or")}
      </Text>
      <Button
        component="a"
        href={address("/api/v1/session/oidc", { next: here() })}
        variant="default"
        size="md"
        fullWidth
      >
        {oidc.title === "" ? t("signin.sso") : oidc.title}
      </Button>
    </>
  );
}

/** The page that was asked for, without what the last try left in its address. */
function here(): string {
  const { pathname, search } = window.location;
  const params = new URLSearchParams(search);
  params.delete("refused");
  const rest = params.toString();
  return rest === "" ? pathname : `${pathname}?${rest}`;
}
