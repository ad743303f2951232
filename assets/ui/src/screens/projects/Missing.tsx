/** There is no such project, or it may not be seen: nobody is told which. */
import { IconFolders } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Card } from "../../parts/Card";
import { Empty } from "../../parts/Empty";
import { ButtonLink } from "../../parts/links";
import { Page } from "../../parts/Page";

export function Missing({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <Page title={id}>
      <Card flush>
        <Empty
          icon={IconFolders}
          title={t("projects.missing")}
          text={t("projects.missing_text")}
          action={
            <ButtonLink to="/projects" variant="default">
              {t("projects.all")}
            </ButtonLink>
          }
        />
      </Card>
    </Page>
  );
}
