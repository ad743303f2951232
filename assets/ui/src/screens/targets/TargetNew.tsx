/** The drawer for a new target. */
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { apply, type Declared } from "../../api/changes";
import { useScope } from "../../app/useScope";
import { Panel } from "../../parts/Panel";
import { useUndo } from "../../parts/useUndo";
import { emptyDraft } from "./draft";
import { TargetForm } from "./TargetForm";

export function TargetNew() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const scope = useScope();
  const undo = useUndo();
  const close = () => void navigate({ to: "/targets", search: true });
  const save = async (documents: Declared[]) => {
    const done = await apply(documents);
    const name = documents.at(-1)?.name ?? "";
    undo(t("targets.added", { name }), done);
    // The next thing to know is whether it is scraped.
    void navigate({ to: "/targets/$name", params: { name }, search: true });
    return done;
  };
  return (
    <Panel title={t("targets.add")} close={close}>
      <TargetForm start={{ ...emptyDraft, project: scope.project ?? "" }} save={save} cancel={close} />
    </Panel>
  );
}
