/** The drawer of one account: what it may do, its password, where it is signed in. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { users } from "../../api/accounts";
import { Loading } from "../../parts/Loading";
import { Panel } from "../../parts/Panel";
import { Stale } from "../../parts/Stale";
import { SessionTable } from "../account/SessionTable";
import { UserActions } from "./UserActions";
import { UserForm } from "./UserForm";

const route = getRouteApi("/system/users/$name");

export function UserOne() {
  const { t } = useTranslation();
  const { name } = route.useParams();
  const navigate = useNavigate();
  const query = useQuery(users());
  const user = query.data?.items.find((user) => user.name === name);
  const close = () => void navigate({ to: "/system/users", search: true });
  return (
    <Panel title={name} close={close} size={760}>
      <Stale query={query} title={t("users.failed")} />
      {user ? (
        <>
          {/* Another revision is another form: nothing of the old one may be saved over it. */}
          <UserForm key={user.revision} user={user} />
          <UserActions user={user} gone={close} />
          <SessionTable user={name} />
        </>
      ) : query.data ? (
        t("users.gone")
      ) : query.error ? null : (
        <Loading />
      )}
    </Panel>
  );
}
