/** One's own account: who one is here, where one is signed in, and the password. */
import { useTranslation } from "react-i18next";
import { useSession } from "../../app/session";
import { Card } from "../../parts/Card";
import { Facts } from "../../parts/Facts";
import { Page } from "../../parts/Page";
import { PasswordForm } from "./PasswordForm";
import { SessionTable } from "./SessionTable";

export function Account() {
  const { t } = useTranslation();
  const { session } = useSession();
  if (session === null) return null;
  const { user, title, role, everywhere, projects } = session;
  const where = projects.length === 0 ? t("account.nowhere") : projects.join(", ");
  return (
    <Page title={t("account.title")} lead={t("account.lead")}>
      <Card title={title || user}>
        <Facts
          facts={[
            [t("signin.user"), user],
            [t("account.role"), t(`role.${role}`)],
            [t("account.where"), everywhere ? t("account.everywhere") : where],
          ]}
        />
      </Card>
      <SessionTable />
      <PasswordForm user={user} />
    </Page>
  );
}
