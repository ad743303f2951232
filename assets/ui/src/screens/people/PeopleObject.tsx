/** The drawer of a team, contact or receiver: new, or as it is. */
import { useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Missing } from "../../app/Missing";
import { ObjectPanel } from "../../parts/form/ObjectPanel";
import { ContactForm } from "./ContactForm";
import { ReceiverForm } from "./ReceiverForm";
import { TeamForm } from "./TeamForm";

export function PeopleObject() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { kind, name } = useParams({ strict: false });
  const leave = () => void navigate({ to: "/people", search: true });
  const common = { name, close: leave };
  switch (kind) {
    case "team":
      return (
        <ObjectPanel key={name} kind="team" title={t("people.new.teams")} {...common}>
          {(existing) => <TeamForm existing={existing} close={leave} />}
        </ObjectPanel>
      );
    case "contact":
      return (
        <ObjectPanel key={name} kind="contact" title={t("people.new.contacts")} {...common}>
          {(existing) => <ContactForm existing={existing} close={leave} />}
        </ObjectPanel>
      );
    case "receiver":
      return (
        <ObjectPanel key={name} kind="receiver" title={t("people.new.receivers")} {...common}>
          {(existing) => <ReceiverForm existing={existing} close={leave} />}
        </ObjectPanel>
      );
    default:
      return <Missing />;
  }
}
