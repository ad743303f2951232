/** An address that leads nowhere. */
import { IconMapOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Card } from "../parts/Card";
import { Empty } from "../parts/Empty";
import { ButtonLink } from "../parts/links";
import { Page } from "../parts/Page";

export function Missing() {
  const { t } = useTranslation();
  return (
    <Page title={t("missing.title")}>
      <Card>
        <Empty
          icon={IconMapOff}
          title={t("missing.text")}
          action={<ButtonLink to="/">{t("missing.home")}</ButtonLink>}
        />
      </Card>
    </Page>
  );
}
