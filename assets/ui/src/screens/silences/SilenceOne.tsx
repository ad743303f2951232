/** The drawer of a silence: change what it hides, its end, its reason. */
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { replace } from "../../api/changes";
import { ObjectPanel } from "../../parts/form/ObjectPanel";
import { SilenceForm } from "./SilenceForm";
import { localTime, textsOf } from "./silence";

const route = getRouteApi("/silences/$name");

export function SilenceOne() {
  const { t } = useTranslation();
  const { name } = route.useParams();
  const navigate = useNavigate();
  const close = () => void navigate({ to: "/silences", search: true });
  return (
    <ObjectPanel key={name} kind="silence" name={name} title={name} close={close}>
      {(existing) =>
        existing === undefined ? null : (
          <SilenceForm
            name={name}
            start={{
              matchers: textsOf(existing.spec.matchers),
              comment: existing.spec.comment,
              length: "custom",
              starts: localTime(Date.parse(existing.spec.startsAt)),
              ends: localTime(Date.parse(existing.spec.endsAt)),
            }}
            title={t("silences.change_title")}
            said="silences.changed"
            write={(document, why) => replace("silences", document, existing.revision, why)}
            close={close}
          />
        )
      }
    </ObjectPanel>
  );
}
