/** The first page, as the account's role has it or as the account chose. */
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../api/http";
import type { HomeView } from "../../api/types";
import { useSession } from "../../app/session";
import { Card } from "../../parts/Card";
import { Facets } from "../../parts/Facets";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { ProblemBox } from "../../parts/Problem";
import { homeViews, viewOf } from "./view";

const views = {
  manager: lazy(async () => ({ default: (await import("./Manager")).Manager })),
  developer: lazy(async () => ({ default: (await import("./Developer")).Developer })),
  operations: lazy(async () => ({ default: (await import("./Operations")).Operations })),
};

export function Home() {
  const { t } = useTranslation();
  const { session, change } = useSession();
  const [problem, setProblem] = useState<unknown>(null);
  const view = viewOf(session);
  const View = views[view];
  const choose = (home: HomeView) => {
    // A preference: shown at once, and kept for the account's other browsers.
    change({ home });
    setProblem(null);
    call("PUT", "/api/v1/session/home", { body: { home } }).catch(setProblem);
  };
  return (
    <Page
      title={t("home.title")}
      lead={t(`projects.home.lead.${view}`)}
      actions={
        <Facets<HomeView>
          label={t("projects.home.switch")}
          chosen={[view]}
          // The pressed one stays pressed.
          choose={(values) => {
            const other = values.find((value) => value !== view);
            if (other) choose(other);
          }}
          values={homeViews.map((value) => ({ value, text: t(`projects.home.view.${value}`) }))}
        />
      }
    >
      {problem ? <ProblemBox error={problem} title={t("projects.home.not_kept")} /> : null}
      <Suspense
        fallback={
          <Card>
            <Loading rows={8} />
          </Card>
        }
      >
        <View />
      </Suspense>
    </Page>
  );
}
