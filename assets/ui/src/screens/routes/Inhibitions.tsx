/** Inhibitions in words. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type Objects, titleOf } from "../../api/objects";
import type { Matcher } from "../../api/told";
import { Ago } from "../../parts/Ago";
import { parseMatcher } from "../../parts/matchers";
import { ObjectList, TitleCell } from "../../parts/ObjectList";
import style from "./Routes.module.css";
import { conditionWords } from "./words";

export function Inhibitions() {
  const { t } = useTranslation();
  return (
    <ObjectList
      kind="inhibition"
      label={t("routes.tab.inhibitions")}
      empty={{ title: t("routes.inhibition.none"), text: t("routes.inhibition.none_text") }}
      head={
        <tr>
          <th>{t("form.title")}</th>
          <th>{t("routes.inhibition.words_head")}</th>
          <th data-wide>{t("resource.updated")}</th>
        </tr>
      }
      row={(inhibition) => <Row key={inhibition.name} inhibition={inhibition} />}
    />
  );
}

function Row({ inhibition }: { inhibition: Objects["inhibition"] }) {
  const { t, i18n } = useTranslation();
  const { source_matchers, target_matchers, equal = [] } = inhibition.spec;
  const words = (texts: readonly string[]) => conditionWords(t, i18n.language, read(texts));
  return (
    <tr>
      <TitleCell object={inhibition}>
        <Link
          to="/routes/$kind/$name"
          params={{ kind: "inhibition", name: inhibition.name }}
          search={true}
          className={style.link}
        >
          {titleOf(inhibition)}
        </Link>
      </TitleCell>
      <td>
        {t("routes.inhibition.words", { source: words(source_matchers), target: words(target_matchers) })}
        {equal.length > 0 ? (
          <div className={style.timing}>{t("routes.inhibition.same", { labels: equal.join(", ") })}</div>
        ) : null}
      </td>
      <td data-wide data-quiet data-nowrap>
        <Ago at={inhibition.updated} />
      </td>
    </tr>
  );
}

/** What the server took can be read; the rest is shown as its text. */
export function read(texts: readonly string[]): Matcher[] {
  return texts.map((text) => parseMatcher(text) ?? { name: text, op: "=", value: "" });
}
