/** Policies in the order in which they are tried. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type Objects, titleOf } from "../../api/objects";
import { Ago } from "../../parts/Ago";
import { ObjectList, TitleCell } from "../../parts/ObjectList";
import { ReachLine } from "../../parts/ReachLine";
import style from "./Routes.module.css";

export function Policies() {
  const { t } = useTranslation();
  return (
    <ObjectList
      kind="policy"
      label={t("routes.tab.policies")}
      empty={{ title: t("routes.policy.none"), text: t("routes.policy.none_text") }}
      order={(a, b) => a.spec.order - b.spec.order || a.name.localeCompare(b.name)}
      head={
        <tr>
          <th data-number data-wide>
            {t("routes.order")}
          </th>
          <th>{t("form.title")}</th>
          <th>{t("routes.policy.for")}</th>
          <th data-wide>{t("routes.policy.lines")}</th>
          <th>{t("routes.policy.receiver")}</th>
          <th data-wide>{t("resource.updated")}</th>
        </tr>
      }
      row={(policy) => <Row key={policy.name} policy={policy} />}
    />
  );
}

function Row({ policy }: { policy: Objects["policy"] }) {
  const { t, i18n } = useTranslation();
  const { projects = [], departments = [], lines = [] } = policy.spec;
  const whom = [...departments, ...projects];
  return (
    <tr>
      <td data-number data-wide>
        {policy.spec.order}
      </td>
      <TitleCell object={policy}>
        <Link
          to="/routes/$kind/$name"
          params={{ kind: "policy", name: policy.name }}
          search={true}
          className={style.link}
        >
          {titleOf(policy)}
        </Link>
      </TitleCell>
      <td>
        {whom.length === 0
          ? t("routes.policy.all_projects")
          : new Intl.ListFormat(i18n.language, { style: "narrow" }).format(whom)}
      </td>
      <td data-wide>
        {lines.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
          <div key={at}>
            {t("routes.policy.line_words", {
              which:
                line.title ||
                (line.severities ?? []).join(", ") ||
                t("routes.policy.line", { number: at + 1 }),
              receiver: line.receiver,
            })}
          </div>
        ))}
      </td>
      <td>
        <ReachLine receiver={policy.spec.receiver} />
      </td>
      <td data-wide data-quiet data-nowrap>
        <Ago at={policy.updated} />
      </td>
    </tr>
  );
}
