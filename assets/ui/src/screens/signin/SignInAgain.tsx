/** Sign-in over a page whose session ended. It cannot be closed: behind it nothing works. */
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../parts/Dialog";
import { SignInForm } from "./SignInForm";
import { SingleSignOn } from "./SingleSignOn";

export default function SignInAgain({ user }: { user: string }) {
  const { t } = useTranslation();
  return (
    <Dialog opened title={t("signin.expired")}>
      <Text size="sm" c="dimmed" mb="md">
        {t("signin.again")}
      </Text>
      {user.startsWith("oidc/") ? <SingleSignOn /> : <SignInForm user={user.replace(/^ldap\//, "")} />}
    </Dialog>
  );
}
